"""How far groups and classes are tied, and what sets a group apart."""
