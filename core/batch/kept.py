"""Shards on disk: each a Parquet file with its rows, and beside them, in its metadata, what else became of its films."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.batch.maps import MeanMaps
from core.batch.plan import Plan, Shard
from core.batch.scoring import Said
from core.errors import InputError
from core.files import replacing
from core.files.parquet import read_table, schema_of, written_out
from core.inference.prediction import Prediction

FACTS = b"pneumolens"
MOST_FACTS = 2**26  # bytes: a mean map of each of some hundred runs and their classes
ROW_GROUP = 2**16  # rows of the answer that are held in memory before they are written


@dataclass(frozen=True, eq=False)
class Finished:
    """A shard read back.

    Attributes
    ----------
    rows : pyarrow.Table
    unreadable : list of (str, str)
    maps : MeanMaps
    """

    rows: pa.Table
    unreadable: list[tuple[str, str]]
    maps: MeanMaps


def schema(class_names: list[str]) -> pa.Schema:
    """The columns of the answer: ``path, run, p_<class>…, label, threshold, warnings, reliable``.

    Parameters
    ----------
    class_names : list of str
        Of all runs; a run without such a class has no value there.

    Returns
    -------
    pyarrow.Schema
    """
    scores = [(f"p_{name}", pa.float64()) for name in class_names]
    ends = [("label", pa.string()), ("threshold", pa.float64()), ("warnings", pa.list_(pa.string())), ("reliable", pa.bool_())]
    return pa.schema([("path", pa.string()), ("run", pa.string()), *scores, *ends])


def keep(said: Said, plan: Plan, columns: pa.Schema) -> None:
    """Write a finished shard, in one step.

    Parameters
    ----------
    said : Said
    plan : Plan
    columns : pyarrow.Schema
        Of the answer.
    """
    rows = [_row(*row) for row in said.rows]
    facts = {"digest": said.shard.digest, "unreadable": said.unreadable, "maps": said.maps.to_json()}
    with replacing(plan.file_of(said.shard.number)) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, columns.with_metadata({FACTS: json.dumps(facts).encode()})), temporary)


def is_kept(shard: Shard, plan: Plan) -> bool:
    """Whether a shard was finished before: by the same models, of the same files."""
    try:
        return _facts(schema_of(plan.file_of(shard.number), MOST_FACTS))["digest"] == shard.digest
    except Exception:  # none, or a broken one, of which Arrow and JSON have many errors
        return False


def is_answer(out: Path) -> bool:
    """Whether a file is an earlier answer, and may be replaced; everything else under its name is somebody's own."""
    try:
        names = schema_of(out).names
    except (OSError, ValueError, pa.ArrowException):
        return False
    return names[:2] == ["path", "run"] and names[-4:] == schema([]).names[2:]


def finished(shards: Iterator[Shard], plan: Plan, columns: pa.Schema) -> Iterator[Finished]:
    """All shards read back, one after another.

    Parameters
    ----------
    shards : iterator of Shard
    plan : Plan
    columns : pyarrow.Schema
        Of the answer.

    Raises
    ------
    InputError
        If one was changed since it was written.
    """
    for shard in shards:
        file = plan.file_of(shard.number)
        try:
            yield _finished(_facts(schema_of(file, MOST_FACTS)), read_table(file, MOST_FACTS), columns)
        except Exception:
            raise InputError(
                f"{file.name} in {str(plan.folder)!r} is broken; remove that folder, and its films are scored again."
            ) from None


def write_rows(out: Path, parts: Iterator[Finished], columns: pa.Schema) -> tuple[int, list[tuple[str, str]], MeanMaps]:
    """Write the answer from its shards, holding few of them.

    Parameters
    ----------
    out : Path
    parts : iterator of Finished
    columns : pyarrow.Schema

    Returns
    -------
    n_rows : int
    unreadable : list of (str, str)
    maps : MeanMaps
    """
    n_rows, unreadable, maps, held = 0, [], MeanMaps(), []
    with replacing(out) as temporary, pq.ParquetWriter(temporary, columns) as writer:
        for part in parts:
            held.append(part.rows)
            n_rows += len(part.rows)
            unreadable += part.unreadable
            maps.add(part.maps.items())
            if sum(map(len, held)) >= ROW_GROUP:
                writer.write_table(pa.concat_tables(held).combine_chunks(), ROW_GROUP)
                held.clear()
        if held:
            writer.write_table(pa.concat_tables(held).combine_chunks(), ROW_GROUP)
    return n_rows, unreadable, maps


def _row(path: str, run: str, answer: Prediction) -> dict:
    scores = {f"p_{name}": score for name, score in answer.probabilities.items()}
    ends = {"label": answer.label, "threshold": answer.threshold, "warnings": list(answer.warnings), "reliable": answer.reliable}
    return {"path": path, "run": run} | scores | ends


def _finished(facts: dict, table: pa.Table, columns: pa.Schema) -> Finished:
    unreadable = [(str(path), str(reason)) for path, reason in facts["unreadable"]]
    return Finished(written_out(table).cast(columns), unreadable, MeanMaps.from_json(facts["maps"]))


def _facts(described: pa.Schema) -> dict:
    return json.loads(described.metadata[FACTS])
