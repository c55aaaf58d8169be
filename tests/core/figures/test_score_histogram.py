import pandas as pd

from core.figures.score_histogram import score_histogram_figure

BINS = pd.DataFrame(
    {"class_name": ["NORMAL", "NORMAL", "VIRAL", "VIRAL"], "left": [0, 0.5] * 2, "right": [0.5, 1] * 2, "count": [3, 1, 0, 2],
     "share": [0.75, 0.25, 0, 1]}
)  # fmt: skip


def test_every_run_has_a_row_and_every_class_its_share():
    figure = score_histogram_figure({"A": BINS, "B": BINS}, {"A": 0.3, "B": None}, "Probability of viral")
    assert [(trace.name, trace.yaxis) for trace in figure.data] == [("Normal", "y"), ("Viral", "y"), ("Normal", "y2"), ("Viral", "y2")]
    normal = figure.data[0]
    assert list(normal.x) == [0.25, 0.75]
    assert list(normal.y) == [0.75, 0.25]
    assert list(normal.customdata) == [3, 1]
    assert "n = 4" in normal.hovertemplate
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]


def test_only_runs_with_a_threshold_have_its_line():
    figure = score_histogram_figure({"A": BINS, "B": BINS}, {"A": 0.3, "B": None}, "Probability of viral")
    assert [(shape.x0, shape.xref) for shape in figure.layout.shapes] == [(0.3, "x")]
    assert figure.layout.xaxis2.title.text == "Probability of viral"
