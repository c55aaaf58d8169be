"""ROC curves: the mean of seeds with its band."""

import pandas as pd

from core.figures.roc import roc_figure


def test_the_mean_of_seeds_has_a_band():
    points = pd.DataFrame({"fpr": [0.0, 1.0], "tpr": [0.5, 1.0], "tpr_low": [0.4, 1.0], "tpr_high": [0.6, 1.0]})
    figure = roc_figure({"A": points}, {"A": "#112233"})
    high, low, mean = figure.data[1:]
    assert list(high.y) == [0.6, 1.0] and list(low.y) == [0.4, 1.0] and low.fill == "tonexty" and low.fillcolor == "rgba(17,34,51,0.18)"
    assert list(mean.y) == [0.5, 1.0] and mean.name == "A" and not high.showlegend and mean.customdata[0].tolist() == [0.4, 0.6]
