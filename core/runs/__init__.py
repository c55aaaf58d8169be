"""A trained run on disk: its files, what they say, and the folder of all runs."""
