"""Results as tables, leaderboards and reports."""
