"""What a file or options may ask for, and what is said of everything else."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.sweeps.cells import MOST_CELLS, Cell, all_cells, best_cell, check_drawn, count_of, groups_of, waves
from core.sweeps.spec import Span, Spec, make_spec
from core.sweeps.spec.file import read_spec
from core.sweeps.spec.mistakes import RANGE, TAKES
from core.sweeps.spec.options import parse_settings


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes, name: str = "my sweep.yaml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_says_systems_seeds_and_settings(written):
    spec = read_spec(
        written("systems: [cnn1, lens_small]\nseeds: [0, 3]\nlabels: [2]\nsettings:\n  learning_rate: [1e-3, 0.01]\n  epochs: 2\n")
    )
    assert (spec.name, spec.systems, spec.seeds, spec.labels) == ("my-sweep", ("cnn1", "lens_small"), (0, 3), (2,))
    assert spec.settings == {"learning_rate": ("1e-3", 0.01), "epochs": (2,)} and not spec.needs_search


def test_every_combination_is_trained_with_every_seed():
    spec = make_spec({"systems": ["cnn1"], "seeds": [0, 1], "labels": [2, 3], "settings": {"batch_size": [4, 8], "early_stopping": [None]}})
    cells = all_cells(spec)
    assert [(cell.n_classes, cell.seed, cell.settings["batch_size"]) for cell in cells] == [
        (2, 0, "4"), (2, 0, "8"), (2, 1, "4"), (2, 1, "8"), (3, 0, "4"), (3, 0, "8"), (3, 1, "4"), (3, 1, "8"),
    ]  # fmt: skip
    assert {cell.settings["early_stopping"] for cell in cells} == {"none"} and count_of(spec) == 8


def test_a_system_that_continues_another_is_trained_after_it():
    spec = make_spec({"systems": ["cnn1_transfer", "cnn1"], "labels": [3]})
    assert [group.system for group in groups_of(spec)] == ["cnn1", "cnn1_transfer"]
    assert [[cell.system for cell in lot] for lot in waves(all_cells(spec))] == [["cnn1"], ["cnn1_transfer"]]


def test_a_backbone_that_is_named_and_not_registered_is_swept():
    spec = make_spec({"systems": ["lens_densenet121"]})
    assert [[cell.system for cell in lot] for lot in waves(all_cells(spec))] == [["lens_densenet121"]]


def test_options_say_lists_and_ranges():
    found = parse_settings(["learning_rate=1e-5..1e-2:log", "batch_size=8,16"])
    spec = make_spec({"systems": ["cnn1"], "settings": found, "trials": 3})
    assert spec.settings == {"learning_rate": Span(low=1e-5, high=1e-2, log=True), "batch_size": ("8", "16")}
    assert spec.is_drawn and count_of(spec) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"systems": []}, "systems takes a list of 1 to 50 systems"),
        ({}, "needs systems: a list of 1 to 50"),
        ({"systems": ["cnn1"], "colour": 1}, "A sweep has no 'colour'; it takes name, systems, .* stop_early and limit"),
        ({"systems": ["cnn1"], "seed": [1]}, "A sweep has no 'seed'; was seeds meant"),
        ({"systems": ["cnn1"], "labels": [4]}, "labels takes a list of 2, of 3 or of both; received 4"),
        ({"systems": ["cnn1"], "stop_early": "maybe"}, "stop_early takes true or false; received 'maybe'"),
        ({"systems": ["cnn1"], "settings": [1]}, r"settings takes up to 50 settings, each with its values; received \[1\]"),
        ({"systems": ["cnn1"], "settings": {"zoom": [[1]]}}, r"zoom takes a value .* or a range.*; received \[1\]"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 1}}, "trials": 1}, "The range of zoom needs high"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 0, "hihg": 1, "high": 1}}}, "The range of zoom has no 'hihg'; was high meant"),
        ({"systems": ["cnn1", "cnn1"]}, "one of the systems is named twice"),
        ({"systems": ["cnn1"], "settings": {"learning_rate": ["0.001", 1e-3]}}, "one of the values of learning_rate is named twice"),
        ({"systems": ["cnn1"], "settings": {"early_stopping": [None, "none"]}}, "one of the values of early_stopping is named twice"),
        ({"systems": ["cnn1"], "metric": "accuracy"}, "one of validation, val_loss, val_accuracy"),
        ({"systems": ["cnn1"], "settings": {"speed": [1]}}, "no setting 'speed'"),
        ({"systems": ["cnn1"], "settings": {"epochs": []}}, "has no value"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 1, "high": 0}}, "trials": 1}, "1 is not below 0"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 0, "high": 1, "log": True}}, "trials": 1}, "begins above 0"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 0, "high": 1}}}, "give both, or neither"),
        ({"systems": ["cnn1"], "trials": 4}, "give both, or neither"),
        ({"systems": ["cnn1"], "name": "../../etc"}, "name takes a name of at most 61"),
        ({"systems": ["cnn1"], "seeds": [-1] * 200}, "seeds"),
        ({"systems": ["cnn1"], "seeds": [-1]}, "seeds takes a list of 1 to 100 whole numbers from 0 to 2147483647; received -1"),
        ({"systems": ["cnn1"], "settings": {"zoom": {"low": 0, "high": 0.5, "step": 0.7}}, "trials": 1}, "0.7 leaves one value"),
        (
            {"systems": ["cnn1"], "settings": {"zoom": {"low": 0, "high": float("inf")}}, "trials": 1},
            "zoom takes .*received inf",
        ),
    ],
)
def test_what_does_not_fit_is_named(fields, said):
    with pytest.raises(InputError, match=said):
        make_spec(fields)


def test_of_every_field_it_is_known_what_it_takes():
    assert set(TAKES) == set(Spec.model_fields) and set(RANGE) == set(Span.model_fields)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"systems": ["resnet"]}, "resnet"),
        ({"systems": ["five_block_cnn"], "labels": [3]}, "five_block_cnn has no recipe for 3 classes"),
        ({"systems": ["cnn1"], "settings": {"epochs": [3, 0]}}, "epochs is not valid"),
        ({"systems": ["cnn1"], "settings": {"seed": [3]}}, "no setting 'seed'"),
    ],
)
def test_settings_that_a_system_does_not_take_are_refused_before_anything_is_trained(fields, said):
    with pytest.raises(InputError, match=said):
        all_cells(make_spec(fields))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"batch_size": [8, 0]}, "batch_size is not valid.*received '0'"),
        ({"learning_rate": {"low": -1, "high": 0.1}}, "learning_rate is not valid.*received '-1'"),
        ({"zoom": {"low": 0, "high": 1.1, "step": 0.4}}, None),  # 0.8 is the last value that is drawn
        ({"zoom": {"low": 0, "high": 1.2, "step": 0.4}}, "zoom is not valid.*received '1.2'"),
        ({"decay": [0, 1], "plateau_patience": [None, 2]}, "set one of them"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_trained(settings, said):
    spec = make_spec({"systems": ["three_conv_cnn"], "settings": settings | {"epochs": {"low": 1, "high": 9}}, "trials": 2})
    if said is None:
        check_drawn(spec)
        return
    with pytest.raises(InputError, match=said):
        check_drawn(spec)


@pytest.mark.parametrize(("low", "high", "step", "last"), [(0.1, 0.5, 0.2, 0.5), (0, 1, 0.3, 0.9), (1, 10, 4, 9), (1, 3, None, 3)])
def test_a_range_ends_with_its_last_whole_step(low, high, step, last):
    assert Span(low=low, high=high, step=step).last == last


def test_too_many_trainings_are_refused():
    with pytest.raises(InputError, match=f"20,000 trainings, and at most {MOST_CELLS:,}"):
        count_of(make_spec({"systems": ["cnn1"], "seeds": range(100), "settings": {"batch_size": [*range(1, 201)]}}))


@pytest.mark.parametrize(
    "text",
    [
        "", "- a\n- b\n", "systems: [cnn1\n", "\0", b"\xff\xfe\0", "1: 2\n", "systems: !!python/object/apply:os.system [ls]\n",
        "a: &a [x, x]\nsystems: *a\n", "[" * 5000, "systems: [cnn1]\nseeds: 2026-01-01\n", "systems: [cnn1]\nsystems: [[[1]]]\n",
        "systems: [cnn1]\nlimit: 1" + "0" * 5000 + "\n", "systems: [cnn1]\nseeds: [0x" + "f" * 5000 + "]\n",
        "systems: [cnn1]\nseeds: [1" + ":1" * 5000 + "]\n", "systems: [cnn1]\nlimit: !!int ''\n",
        "systems: [cnn1]\nstop_early: !!bool maybe\n", "systems: [cnn1]\nname: !!timestamp x\n",
        "systems: [cnn1]\nseeds: [-1]\n", "systems: [cnn1]\nseeds: [2147483648]\n",
        'systems: ["\\ud800"]\n', "systems: [cnn1]\nsettings: {optimizer: [" + "x" * 201 + "]}\n",
    ],
    ids=["empty", "a list", "not closed", "nul", "no text", "no word", "object", "references", "nested", "a date", "lists", "huge",
         "sixteens", "sixties", "no number", "no truth", "no time", "a seed below 0", "a large seed", "half a sign", "a long value"],
)  # fmt: skip
def test_any_file_is_read_or_refused_in_a_sentence(written, text):
    with pytest.raises(InputError, match="sweep"):
        read_spec(written(text))


def test_a_file_that_is_too_large_or_not_there_is_refused(written, tmp_path):
    for path in (written("systems: [cnn1]\n" + "#" * 2**18), tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_spec(path)
    with pytest.raises(InputError, match="it has more than 256 kB"):
        read_spec(written("#" * (2**18 + 1)))


@pytest.mark.parametrize("pair", ["epochs", "epochs=", "epochs=1..2:linear"])
def test_a_setting_of_another_form_is_refused(pair):
    with pytest.raises(InputError, match=r"LOW\.\.HIGH"):
        parse_settings([pair])


def test_the_best_is_a_finished_one_by_the_metric():
    spec = make_spec({"systems": ["cnn1"], "seeds": [0, 1, 2]})
    first, second, third = all_cells(spec)
    assert best_cell([first], "val_loss") is None
    first.run, first.value, first.state = "a", 0.5, "finished"
    second.run, second.value, second.state = "b", 0.4, "finished"
    third.run, third.value, third.state = "c", 0.1, "ended early"
    assert best_cell([first, second, third], "val_loss").run == "b"
    assert best_cell([first, second, third], "val_accuracy").run == "a"
    assert best_cell([third], "val_loss").run == "c"


def test_what_is_said_twice_is_refused(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("systems: [cnn1]\nseeds: [0]\nseeds: [1]\n")
    with pytest.raises(InputError, match="'seeds' is given twice"):
        read_spec(path)


@pytest.mark.parametrize("field", ["epochs", "attempts", "trial"])
def test_a_count_that_no_training_reaches_is_no_cell(field):
    with pytest.raises(ValueError, match="less than"):
        Cell(system="cnn1", n_classes=2, seed=0, **{field: 10**30})
