"""Changes to a film, so that a model can be asked again."""
