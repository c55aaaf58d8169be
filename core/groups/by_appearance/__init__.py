"""Groups of images that look alike."""
