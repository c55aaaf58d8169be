"""Shards that come from elsewhere: taken up where they are what this program wrote, scored again or named where they are not."""

import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.batch.kept import FACTS, finished, is_answer, is_kept, keep, schema, write_rows
from core.batch.listing import Film
from core.batch.maps import MeanMaps
from core.batch.plan import Plan
from core.batch.scoring import Said
from core.errors import InputError
from core.inference.prediction import Prediction

COLUMNS = schema(["NORMAL"])


@pytest.fixture
def plan(tmp_path):
    return Plan.write(tmp_path / "s", [Film("a.png", 1, 2)], "asked")


def with_facts(facts: bytes | None, table: pa.Table | None = None):
    table = pa.table({"path": [""]}) if table is None else table
    return lambda path: pq.write_table(table.replace_schema_metadata(facts and {FACTS: facts}), path)


def many_rows() -> pa.Table:
    return pa.table({"path": pa.DictionaryArray.from_arrays(pa.array(np.zeros(3_000_000, np.int8)), ["a"])})


OTHERS = {
    "no facts": with_facts(None), "a list": with_facts(b"[]"), "null": with_facts(b"null"), "nested": with_facts(b"[" * 100_000),
    "a pipe": os.mkfifo, "a device": lambda path: path.symlink_to("/dev/zero"), "a folder": lambda path: path.mkdir(),
    "garbage": lambda path: path.write_bytes(b"no table"),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_anything_else_in_the_place_of_a_shard_is_none(plan, kind):
    (shard,) = plan.shards()
    OTHERS[kind](plan.file_of(0))
    assert not is_kept(shard, plan)
    assert not is_answer(plan.file_of(0))


NONE = COLUMNS.empty_table()
CHANGED = {
    "other columns": ({}, None), "maps of text": ({"maps": "x"}, NONE), "maps of numbers": ({"maps": [1]}, NONE),
    "a map of one cell": ({"maps": [{"run": 1, "class": 2, "total": [1]}]}, NONE),
    "reasons of three parts": ({"unreadable": [["a", "b", "c"]]}, NONE), "3 million rows": ({}, many_rows()),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGED)
def test_a_shard_that_was_changed_under_its_digest_is_named(plan, tmp_path, kind):
    facts, table = CHANGED[kind]
    (shard,) = plan.shards()
    with_facts(json.dumps({"digest": shard.digest, "unreadable": [], "maps": []} | facts).encode(), table)(plan.file_of(0))
    assert is_kept(shard, plan)
    with pytest.raises(InputError, match=r"0000000\.parquet in .* is broken; remove that folder"):
        write_rows(tmp_path / "answer.parquet", finished(plan.shards(), plan, COLUMNS), COLUMNS)
    assert not (tmp_path / "answer.parquet").exists()


def test_what_was_kept_is_read_back(plan, tmp_path):
    (shard,) = plan.shards()
    answer = Prediction({"NORMAL": 0.25}, 0.5, "NORMAL", (), None, screened=False)
    keep(Said(shard, [("a.png", "one", answer)], [("b.png", "it is cut")], MeanMaps()), plan, COLUMNS)
    assert is_kept(shard, plan)
    n, unreadable, maps = write_rows(tmp_path / "answer.parquet", finished(plan.shards(), plan, COLUMNS), COLUMNS)
    assert (n, unreadable, dict(maps)) == (1, [("b.png", "it is cut")], {})
    assert is_answer(tmp_path / "answer.parquet")
    assert pq.read_table(tmp_path / "answer.parquet").to_pylist() == [
        {
            "path": "a.png",
            "run": "one",
            "p_NORMAL": 0.25,
            "label": "NORMAL",
            "threshold": 0.5,
            "warnings": [],
            "reliable": True,
        }
    ]
