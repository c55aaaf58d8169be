"""What a card or a status says is kept as it is written; what it says wrongly is refused by its name."""

import json

import pytest

from core.errors import InputError
from core.runs.card import Card
from core.runs.reading import fields_of
from core.runs.run import Run
from core.runs.status import Status
from core.runs.store import list_runs, models_dir


@pytest.mark.parametrize("kind", [Card, Status])
def test_every_shipped_run_reads_back_as_it_is_written(kind):
    name = {Card: "card.json", Status: "status.json"}[kind]
    runs = [run for run in list_runs(models_dir())[0] if (run.path / name).exists()]
    assert len(runs) > 10
    for run in runs:
        assert fields_of(run.path, name, kind).to_json() == json.loads((run.path / name).read_text(encoding="utf-8"))


def test_a_field_of_a_later_version_is_kept_and_a_whole_number_stays_whole():
    card = Card.model_validate({"params_total": 5, "seconds": 1.5, "later": {"a": [1]}, "recommended": {"value": 0.5, "by": "x"}})
    assert card.to_json() == {"params_total": 5, "seconds": 1.5, "later": {"a": [1]}, "recommended": {"value": 0.5, "by": "x"}}
    assert f"{card.params_total:,}" == "5" and card.says("later") and not card.says("epochs") and card.epochs is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"params_total": True}, "params_total"), ({"seconds": "3"}, "seconds"), ({"seconds": -1}, "seconds"), ({"epochs": 1.5}, "epochs"),
        ({"thresholds": {"half": "x"}}, "thresholds.half"), ({"warnings": "one"}, "warnings"), ({"seconds": float("inf")}, "seconds"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(tmp_path, fields, wrong):
    (tmp_path / "card.json").write_text(json.dumps(fields))
    with pytest.raises(InputError, match=rf"broken card.json \(its {wrong} is not of the right kind\)"):
        _ = Run(tmp_path).card
