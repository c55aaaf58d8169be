"""Tables that people bring: read, and their columns understood."""
