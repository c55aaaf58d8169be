"""What models say of images."""
