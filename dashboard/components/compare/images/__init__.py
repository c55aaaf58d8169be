"""The images on which runs err or disagree."""
