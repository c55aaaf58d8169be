"""Work on files that a stranger may have sent: in other processes, which are ended where they take too much."""

from core.bounded.pool import Pool
from core.bounded.process import Exceeded, Limits

__all__ = ["Exceeded", "Limits", "Pool"]
