"""What could be done about the imbalance."""
