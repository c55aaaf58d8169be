"""Seeds of one recipe become one curve, and a run alone keeps its own."""

import pandas as pd

from dashboard.components.compare.curves.seeds import first_of, merged, together


def test_seeds_are_named_by_their_letters(make_run, tmp_path):
    runs = [make_run(tmp_path, seed=seed) for seed in (0, 1, 2)] + [make_run(tmp_path, seed=0, limit=9)]
    labelled = dict(zip(("[A] one", "[B] two", "[C] three", "[D] four"), runs, strict=True))
    assert together(labelled) == {"[A–C] CNN_1, 3 epochs (3 seeds)": ["[A] one", "[B] two", "[C] three"], "[D] four": ["[D] four"]}
    mixed = dict(zip(("[A] one", "[B] two", "[C] three"), (runs[0], runs[3], runs[1]), strict=True))
    assert list(together(mixed)) == ["[A+C] CNN_1, 3 epochs (2 seeds)", "[B] two"]


def test_tables_are_averaged_and_colours_are_the_first_run_s():
    tables = {name: pd.DataFrame({"x": [value]}) for name, value in (("A", 1.0), ("B", 3.0), ("C", 5.0))}
    groups = {"A+B": ["A", "B"], "C": ["C"], "gone": ["D"]}
    found = merged(tables, groups, lambda parts: sum(parts) / len(parts))
    assert {name: table["x"].item() for name, table in found.items()} == {"A+B": 2.0, "C": 5.0}
    assert first_of({"A": "red", "B": "blue", "C": "green", "D": "grey"}, groups) == {"A+B": "red", "C": "green", "gone": "grey"}
