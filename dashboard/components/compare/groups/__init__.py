"""The chosen runs in groups of films."""
