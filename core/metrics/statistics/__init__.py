"""Intervals and tests that any metric uses."""
