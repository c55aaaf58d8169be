import pandas as pd

from dashboard.figures.generalisation import generalisation_figure

SYSTEMS = {
    "A": {
        "A, seed 0": {"validation": 0.99, "battery mean": 0.95, "battery worst": 0.9, "test": 0.92},
        "A, seed 1": {"validation": 0.97, "test": 0.89},
    },
    "B": {"B, seed 0": {"validation": 0.98, "test": 0.85}},
}


def test_one_line_a_system_and_one_mark_for_each_run_and_set_of_images():
    figure = generalisation_figure(SYSTEMS, "AUC")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [tuple(line.x) for line in lines] == [(0.89, 0.99), (0.85, 0.98)]
    marks = {trace.name: list(zip(trace.y, trace.customdata, trace.x, strict=True)) for trace in figure.data if trace.mode == "markers"}
    assert marks["Test"] == [("A", "A, seed 0", 0.92), ("A", "A, seed 1", 0.89), ("B", "B, seed 0", 0.85)]
    assert marks["Altered validation, mean"] == [("A", "A, seed 0", 0.95)]
    assert figure.layout.xaxis.title.text == "AUC"


def test_the_names_stand_above_the_lines_and_take_no_width():
    figure = generalisation_figure(SYSTEMS, "AUC")
    assert [note.text for note in figure.layout.annotations] == ["A", "B"] and figure.layout.yaxis.showticklabels is False


def test_a_system_without_a_value_has_no_line():
    figure = generalisation_figure(
        {"CNN": {"seed 0": {"test": float("nan"), "validation": 0.8}}, "other": {"seed 1": {"test": float("nan")}}}, "AUC"
    )
    assert list(figure.data[0].x) == [0.8, 0.8] and pd.isna(figure.data[1].x[0])
