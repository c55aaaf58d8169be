"""Change the film and ask again."""
