"""Trainings that wait their turn, and the processes that train them."""
