import pytest

from core.datasets import open_dataset
from core.errors import InputError
from core.runs.store import create_run
from core.training.hidden_groups.record import grouping_of, refuse_unknown_groups
from core.training.plan import plan


def silent(stage):
    return lambda done, total: None


def test_the_groups_are_recorded_and_must_stay_the_same(phantoms, tmp_path):
    dataset = open_dataset(phantoms)
    run = create_run(plan("lens_small", settings={"group_balance": "weights", "groups": "series"}), phantoms, tmp_path)
    grouping = grouping_of(run, dataset, silent)
    assert run.config.grouping["by"] == "series" and run.config.grouping["k"] == str(grouping.k)
    assert grouping_of(run, dataset, silent).codes.tolist() == grouping.codes.tolist()
    run.write_config(run.config.model_copy(update={"grouping": run.config.grouping | {"codes": "other"}}))
    with pytest.raises(InputError, match="others than when the run"):
        grouping_of(run, dataset, silent)


def test_no_groups_are_made_where_none_are_asked_for(phantoms, tmp_path):
    run = create_run(plan("lens_small"), phantoms, tmp_path)
    assert grouping_of(run, open_dataset(phantoms), silent) is None and run.config.grouping == {}


def test_groups_that_cannot_be_are_refused_before_a_run_is_made(phantoms):
    config = plan("lens_small", settings={"group_balance": "weights", "groups": "hospital"})
    with pytest.raises(InputError, match="hospital"):
        refuse_unknown_groups(config, open_dataset(phantoms))
