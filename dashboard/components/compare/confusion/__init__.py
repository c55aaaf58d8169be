"""Confusion matrices of the chosen runs."""
