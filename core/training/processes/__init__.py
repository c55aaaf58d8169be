"""Trainings in processes of their own: one that is waited for, one of a worker that may live elsewhere, one that ends with its parent."""
