"""Widgets that return values. They use `dashboard.state` and `core`, never a view."""
