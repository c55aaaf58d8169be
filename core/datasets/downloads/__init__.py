"""Public data sets, fetched."""
