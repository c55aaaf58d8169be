"""A shard whose worker dies the first time."""

import os
import signal
from pathlib import Path

from core.batch.scoring import score_shard


def die_once(mark: str, benches, task):
    """Score a shard; the process is killed by the second shard while there is no file `mark`."""
    if task.shard.number == 1 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return score_shard(benches, task)
