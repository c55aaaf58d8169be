"""The map of the images."""
