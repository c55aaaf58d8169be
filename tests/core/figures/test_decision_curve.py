import pandas as pd

from core.figures.decision_curve import decision_curve_figure

CURVE = pd.DataFrame({"threshold": [0.1, 0.5], "net_benefit": [0.6, 0.4], "treat_all": [0.55, 0.2]})


def test_runs_stand_against_calling_all_and_none():
    figure = decision_curve_figure({"A": CURVE}, {"A": "#111111"}, chosen=0.25)
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces["A"].y) == [0.6, 0.4]
    assert list(traces["call all pneumonia"].y) == [0.55, 0.2]
    assert list(traces["call none"].y) == [0, 0]
    assert figure.layout.shapes[0].x0 == 0.25
    assert figure.layout.yaxis.range[1] > 0.6
