"""Numbers from stored predictions: thresholds, metrics with intervals, paired comparison."""
