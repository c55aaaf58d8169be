"""The list of films on disk, cut into shards: what is done, and what is left to do, after whatever ended an earlier call."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.listing import Film
from core.files import replacing

SHARD = 128  # films: two batches of most models, and seconds of work that a lost worker costs. It decides which films share a batch
FILES = "files.parquet"
LISTED = pa.schema([("path", pa.string()), ("n_bytes", pa.int64()), ("changed", pa.int64())])
KEPT = "{:07d}.parquet"


class Shard(NamedTuple):
    """Films that are scored together.

    Attributes
    ----------
    number : int
        Its place among the shards.
    digest : str
        Changes when any of its files does, or what they are asked.
    paths : tuple of str
    """

    number: int
    digest: str
    paths: tuple[str, ...]


@dataclass
class Plan:
    """The films to be scored, listed in a file with a row group for each shard.

    Attributes
    ----------
    folder : Path
        Where the list is and the finished shards go.
    asked : str
        What all films are asked, as text: runs, their models, options.
    n_films : int
    unreadable : list of (str, str)
        Path and reason of what is no film.
    """

    folder: Path
    asked: str
    n_films: int = 0
    unreadable: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def write(cls, folder: Path, films: Iterable[Film], asked: str) -> Plan:
        """List films on disk.

        Parameters
        ----------
        folder : Path
            Made where it is missing.
        films : iterable of Film
        asked : str

        Returns
        -------
        Plan
        """
        plan = cls(folder, asked)
        with replacing(folder / FILES) as temporary, pq.ParquetWriter(temporary, LISTED) as writer:
            usable = plan._usable(films)
            while part := list(islice(usable, SHARD)):
                columns = zip(*(film[:3] for film in part), strict=True)
                writer.write_table(pa.table(dict(zip(LISTED.names, map(list, columns), strict=True)), LISTED))
        return plan

    def shards(self) -> Iterator[Shard]:
        """All shards, in order."""
        with pq.ParquetFile(self.folder / FILES) as file:
            for number in range(file.num_row_groups if self.n_films else 0):
                part = file.read_row_group(number).to_pydict()
                facts = hashlib.blake2b(digest_size=16)
                facts.update(self.asked.encode())
                facts.update(repr(part).encode())
                yield Shard(number, facts.hexdigest(), tuple(part["path"]))

    def file_of(self, number: int) -> Path:
        """Where a finished shard is kept."""
        return self.folder / KEPT.format(number)

    def _usable(self, films: Iterable[Film]) -> Iterator[Film]:
        for film in films:
            if film.reason:
                self.unreadable.append((film.path, film.reason))
                continue
            self.n_films += 1
            yield film
