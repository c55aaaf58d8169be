"""Sweeps on the Train page: what `python -m core sweep` trains, from the same files."""
