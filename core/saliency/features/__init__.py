"""What a model's parts answer to: pictures made to please a class or a filter, and the feature maps of a layer for one film."""
