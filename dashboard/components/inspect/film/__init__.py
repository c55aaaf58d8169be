"""Which film is inspected."""
