"""What a visitor may do, decided here alone: everything on one's own machine; in shared mode what the host of the dashboard allows.

Shared mode is on where ``PNEUMOLENS_SHARED`` is, or where ``.streamlit/secrets.toml`` sets up Streamlit's log-in. See docs/share.md.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import streamlit as st

from core.errors import InputError
from core.files.paths import typed_path
from core.runs.origin import IMPORTED

SHIPPED = "shipped index"
VISITOR = "_visitor"
MB = 2**20
QUEUE, UPLOADS, IMPORTS = 10, 2048, 1024  # trainings; MB in memory; MB on disk
PATHS_OFF = "This dashboard is shared: its host chooses the data sets, and no other path of the server is opened."
TRAIN_OFF = "This dashboard is shared, and you may look at trainings but not start, stop or change them; its host names who may."
IMPORT_FULL = "This dashboard is shared, and its room for models and tables from elsewhere is used up; ask its host."


def is_shared() -> bool:
    """Whether the dashboard is served to others."""
    return os.environ.get("PNEUMOLENS_SHARED", "").strip().lower() in ("1", "true", "yes", "on") or has_log_in()


def has_log_in() -> bool:
    """Whether the host set up Streamlit's log-in."""
    try:
        return "auth" in st.secrets
    except (FileNotFoundError, OSError, ValueError, KeyError):  # no secrets, or none that can be read
        return False


def is_logged_in() -> bool:
    """Whether this visitor logged in."""
    return has_log_in() and bool(getattr(st.user, "is_logged_in", False))


def visitor() -> str:
    """Who is here: the address of a person who is logged in, else a name that this session alone has."""
    email = getattr(st.user, "email", None) if is_logged_in() else None
    return str(email).lower() if email else st.session_state.setdefault(VISITOR, f"session {uuid.uuid4().hex}")


def may_train() -> bool:
    """Whether this visitor may start and change trainings, and rename and archive runs."""
    allowed = _listed("PNEUMOLENS_TRAINERS", ",")
    return not is_shared() or "*" in allowed or visitor() in [name.lower() for name in allowed]


def may_stop(owner: str | None) -> bool:
    """Whether this visitor may stop a training that somebody started: in shared mode their own alone."""
    return not is_shared() or (may_train() and owner == visitor())


def may_name_paths() -> bool:
    """Whether this visitor may open any folder or file of the server."""
    return not is_shared()


def data_sets() -> list[str]:
    """The data sets that the host offers, and the shipped index."""
    given = [*_listed("PNEUMOLENS_DATA", os.pathsep), *_listed("PNEUMOLENS_DATASETS", os.pathsep)]
    return [*dict.fromkeys(given), SHIPPED]


def require_data(data: str) -> None:
    """Raise InputError for a data set that the host does not offer."""
    if may_name_paths() or data == SHIPPED:
        return
    offered = [typed_path(one).resolve() for one in data_sets() if one != SHIPPED]
    if typed_path(data).resolve() not in offered:
        raise InputError(PATHS_OFF)  # the same whether the path exists or not


def require_room_in_queue(n_waiting: int) -> None:
    """Raise InputError where one more training would be too many."""
    most = _number("PNEUMOLENS_QUEUE", QUEUE)
    if is_shared() and n_waiting >= most:
        raise InputError(f"{n_waiting} trainings wait already, and the host of this dashboard allows {most}; try again later.")


def require_room_for_import(models: Path, n_bytes: int) -> None:
    """Raise InputError where what came from elsewhere would take more room on disk than the host gives."""
    most = _number("PNEUMOLENS_IMPORT_MB", IMPORTS) * MB
    if is_shared() and n_bytes + sum(_size(path) for path in models.glob(f"{IMPORTED}-*")) > most:
        raise InputError(IMPORT_FULL)


def room_for_uploads() -> int:
    """Bytes in memory that the uploads of all sessions may take together."""
    return _number("PNEUMOLENS_UPLOAD_MB", UPLOADS) * MB


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) if folder.is_dir() else 0


def _listed(name: str, separator: str) -> list[str]:
    return [one.strip() for one in os.environ.get(name, "").split(separator) if one.strip()]


def _number(name: str, usual: int) -> int:
    given = os.environ.get(name, "").strip()
    if given and not given.isdecimal():
        raise InputError(f"{name} must be a whole number; received {given!r:.40}.")
    return int(given) if given else usual
