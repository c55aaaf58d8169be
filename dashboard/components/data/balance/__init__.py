"""How many images of which class."""
