"""What single file formats ask for beyond what Pillow does."""
