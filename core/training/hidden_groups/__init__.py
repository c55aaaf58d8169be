"""Trainings that look at hidden groups."""
