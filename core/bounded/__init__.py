"""Work in other processes: on files that a stranger may have sent, under limits, and long work, out of the way of a server."""

from core.bounded.helper import HelperEnded, Helpers
from core.bounded.pool import Pool
from core.bounded.process import Exceeded, Limits, Strange

__all__ = ["Exceeded", "HelperEnded", "Helpers", "Limits", "Pool", "Strange"]
