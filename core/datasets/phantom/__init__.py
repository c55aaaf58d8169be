"""Synthetic chest films whose opacities are known."""
