"""What a model is fed while it trains: batches, augmentation, the share of each class."""
