"""What several pages say of the images: which data are in use, how to get some, one image seen large."""
