"""Saliency maps, shown and taken away."""
