"""What a class or a filter answers to, and a layer's feature maps."""
