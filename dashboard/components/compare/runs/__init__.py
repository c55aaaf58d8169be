"""Which runs are compared."""
