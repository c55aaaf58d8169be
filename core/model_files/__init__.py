"""Model files that may come from a stranger: looked at before they are loaded."""
