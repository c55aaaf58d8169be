"""What a remedy for imbalance does to an epoch and a batch, and what sensitivity and specificity are worth at a prevalence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.labels import short
from dashboard.figures.palette import INK, NEUTRAL, class_colours, style

PPV_COLOUR, NPV_COLOUR = "#d55e00", "#2f86c9"


def epoch_bars(bars: Mapping[str, Sequence[float]], class_names: Sequence[str]) -> go.Figure:
    """What each class is given, in percent of a bar.

    Parameters
    ----------
    bars : dict of str to sequence of float
        Such as ``{"Training images": [1073, 3100], …}``, one number a class.
    class_names : sequence of str
    """
    figure, colours, order = go.Figure(), class_colours(class_names), list(bars)
    for class_id, name in enumerate(class_names):
        shares = [100 * values[class_id] / max(sum(values), 1e-12) for values in bars.values()]
        figure.add_bar(
            y=order, x=shares, name=short(name), orientation="h", marker_color=colours[name],
            text=[f"{share:.0f} %" for share in shares], textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"color": INK}, hovertemplate=f"%{{y}}<br>{short(name, 60)}: %{{x:.1f}} %<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.3, uniformtext={"minsize": 10, "mode": "hide"}, legend_traceorder="normal")
    figure.update_xaxes(range=[0, 100], visible=False)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=70 + 48 * len(bars))


def focal_curve(probability: np.ndarray, factors: Mapping[str, np.ndarray]) -> go.Figure:
    """What the focal loss leaves of the cross-entropy, by the probability given to the true class; one line a gamma."""
    figure = go.Figure()
    for name, factor in factors.items():
        hover = f"{name}, p = %{{x:.2f}}: %{{y:.3f}} of the loss<extra></extra>"
        figure.add_scatter(x=probability, y=factor, mode="lines", name=name, hovertemplate=hover)
    figure.update_xaxes(title="Probability given to the true class")
    figure.update_yaxes(title="Part of the loss that stays", rangemode="tozero")
    return style(figure, height=260)


def predictive_curves(prevalence: np.ndarray, ppv: np.ndarray, npv: np.ndarray, marked: Mapping[str, float]) -> go.Figure:
    """Positive and negative predictive value over the prevalence.

    Parameters
    ----------
    prevalence, ppv, npv : ndarray of shape (n_points,)
        In [0, 1].
    marked : dict of str to float
        Prevalences to draw a line at, by what they are called.
    """
    figure = go.Figure()
    for name, values, colour in (("PPV: called ill and ill", ppv, PPV_COLOUR), ("NPV: cleared and healthy", npv, NPV_COLOUR)):
        hover = f"{name}<br>prevalence %{{x:.0f}} %: %{{y:.1f}} %<extra></extra>"
        line = {"color": colour, "width": 3}
        figure.add_scatter(x=100 * prevalence, y=100 * values, mode="lines", name=name, line=line, hovertemplate=hover)
    for name, share in marked.items():
        line = {"dash": "dot", "width": 2, "color": NEUTRAL}
        figure.add_vline(x=100 * share, line=line, annotation_text=name, annotation_position="bottom right")
    figure.update_xaxes(title="Patients who are ill (%)", range=[0, 100])
    figure.update_yaxes(title="Predictive value (%)", range=[0, 101])
    return style(figure, height=320)
