"""What pages say of a run's settings."""

from __future__ import annotations

from core.leaderboard import system_title

CHANGED_HELP = "Where the run's recipe departs from the system's own."

__all__ = ["CHANGED_HELP", "system_title"]
