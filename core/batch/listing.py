"""The files to be scored, one after another: all images below a folder, or those that a table names."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.datasets.folders.refusals import NO_FILE, NO_TARGET
from core.datasets.folders.tree import Tree, visit
from core.datasets.sources.folder import GONE
from core.datasets.tables.columns import FILE, Naming, listed, locate
from core.datasets.tables.listed import find_files
from core.datasets.tables.tabular import as_text, read_tabular
from core.errors import InputError
from core.files import changed_ns, reason_of
from core.files.paths import typed_path

NO_NAME = "Its row names no file; write the path there."
NO_SUCH = "There is no such file; check the path in the table."
FOLDER = "It is a folder; name the files in it."
ACCEPTED = "a folder of JPEG, PNG, TIFF or DICOM files, or a table (CSV or Parquet) with a column path"


class Film(NamedTuple):
    """A file to be scored, or the reason why it cannot be.

    Attributes
    ----------
    path : str
    n_bytes, changed : int
        What changes when the file does; 0 where there is none.
    reason : str
        Empty for a file to be scored.
    """

    path: str
    n_bytes: int = 0
    changed: int = 0
    reason: str = ""


def films(data: str | Path, naming: Naming, own: tuple[Path, ...] = ()) -> Iterator[Film]:
    """List films, in an order that depends on nothing but their names or the table.

    Parameters
    ----------
    data : str or Path
        A folder, of which everything below is listed by name, or a table whose rows name files, absolute or relative to it.
    naming : Naming
        What the table calls its column ``path``.
    own : tuple of Path
        Files and folders of the answer itself, which are no part of the data.

    Yields
    ------
    Film

    Raises
    ------
    InputError
        If there is nothing of the kind at `data`, or the table has no column of paths.
    """
    place = typed_path(data)
    if place.is_dir():
        if naming:
            raise InputError(f"Columns are named for a table, and {place.name!r} is a folder; leave --column out.")
        return _in_folder(place, {str(one.absolute()) for one in own})
    if not place.exists():
        raise InputError(f"There is nothing at {str(data)!r}; give {ACCEPTED}.")
    return _in_table(place, naming)


def _in_folder(top: Path, own: set[str]) -> Iterator[Film]:
    tree = Tree([], [], [])
    for folder in visit(top, tree):
        if str(Path(folder.path).absolute()) in own:
            continue
        yield from (Film(path, reason=reason) for path, reason in folder.others if str(Path(path).absolute()) not in own)
        for entry in folder.images:
            try:
                facts = entry.stat()
            except OSError:
                yield Film(entry.path, reason=GONE)
                continue
            yield Film(entry.path, facts.st_size, changed_ns(facts))
        yield from _left_out(tree)
    yield from _left_out(tree)


def _left_out(tree: Tree) -> Iterator[Film]:
    """The folders that were not looked into since this was asked before."""
    for rows in (tree.locked, tree.closed):
        yield from (Film(path, reason=reason) for path, reason in rows)
        rows.clear()


def _in_table(path: Path, naming: Naming) -> Iterator[Film]:
    if set(naming.columns) - {"path"}:
        raise InputError("Scoring asks a table for its column path alone: name that with --column path=…, and leave other names out.")
    table = read_tabular(path, path.name)
    places = locate(table, path.name, {"path": FILE}, naming)
    if "path" not in places:
        raise InputError(f"{path.name!r} has no column of files; it has {listed(table.columns)}. Say which it is with --column path=…")
    names = as_text(table.iloc[:, places["path"]])
    return (_named(path, row, name) for row, name in enumerate(names, start=1))


def _named(table: Path, row: int, name: object) -> Film:
    if not isinstance(name, str):
        return Film(f"{table.name}, row {row}", reason=NO_NAME)
    ((path, facts),) = find_files(table.parent, [name])
    return Film(path, facts.st_size, changed_ns(facts)) if facts else Film(path, reason=_why_none(Path(path)))


def _why_none(path: Path) -> str:
    """Why a named file cannot be used."""
    try:
        mode = path.stat().st_mode
    except ValueError:  # a zero byte
        return NO_SUCH
    except FileNotFoundError:
        return NO_TARGET if path.is_symlink() else NO_SUCH
    except OSError as error:
        return f"The file cannot be read ({reason_of(error)}); check its path and permissions."
    return FOLDER if stat.S_ISDIR(mode) else NO_FILE
