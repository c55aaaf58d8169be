"""Metrics on parts of the test films: groups, slices, what is not referred."""
