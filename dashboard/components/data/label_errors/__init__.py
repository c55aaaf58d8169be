"""Suspected label errors."""
