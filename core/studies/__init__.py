"""Studies over many runs: remedies for imbalance, threshold rules."""
