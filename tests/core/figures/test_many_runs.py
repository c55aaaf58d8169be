import plotly.graph_objects as go

from core.figures.many_runs import abridge

LABELS = [f"{letter} CNN_1" for letter in "ABCD"]


def drawn(*names):
    return go.Figure([go.Scatter(x=[0], y=[0], name=name) for name in names])


def test_many_runs_go_by_their_letters():
    figure = abridge(drawn("chance", *LABELS, "A CNN_1, scaled"), LABELS)
    assert [trace.name for trace in figure.data] == ["chance", "A", "B", "C", "D", "A, scaled"]
    assert all(trace.opacity is None for trace in figure.data)


def test_few_runs_keep_their_names():
    assert [trace.name for trace in abridge(drawn(*LABELS[:2]), LABELS[:2]).data] == LABELS[:2]


def test_one_run_in_focus_fades_the_others_and_nothing_else():
    figure = abridge(drawn("chance", *LABELS, "B CNN_1, in use"), LABELS, "B CNN_1")
    assert [(trace.opacity or 1) < 1 for trace in figure.data] == [False, True, False, True, True, False]
