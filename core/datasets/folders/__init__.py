"""What the folders and file names of a data set mean."""
