"""What the focal loss keeps of the cross-entropy, and what sensitivity and specificity are worth at a prevalence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, style

PPV_COLOUR, NPV_COLOUR = "#d55e00", "#2f86c9"


def focal_curve(probability: np.ndarray, factors: Mapping[str, np.ndarray]) -> go.Figure:
    """What the focal loss leaves of the cross-entropy, by the probability given to the true class; one line a gamma."""
    figure = go.Figure()
    for name, factor in factors.items():
        hover = f"{name}, p = %{{x:.2f}}: %{{y:.3f}} of the loss<extra></extra>"
        figure.add_scatter(x=probability, y=factor, mode="lines", name=name, hovertemplate=hover)
    figure.update_xaxes(title="Probability given to the true class")
    figure.update_yaxes(title="Share of the loss that remains", rangemode="tozero")
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
    for name, values, colour in (("PPV: positive and ill", ppv, PPV_COLOUR), ("NPV: negative and healthy", npv, NPV_COLOUR)):
        hover = f"{name}<br>prevalence %{{x:.0f}} %: %{{y:.1f}} %<extra></extra>"
        line = {"color": colour, "width": 3}
        figure.add_scatter(x=100 * prevalence, y=100 * values, mode="lines", name=name, line=line, hovertemplate=hover)
    for name, share in marked.items():
        line = {"dash": "dot", "width": 2, "color": NEUTRAL}
        figure.add_vline(x=100 * share, line=line, annotation_text=name, annotation_position="bottom right")
    figure.update_xaxes(title="Patients who are ill (%)", range=[0, 100])
    figure.update_yaxes(title="Predictive value (%)", range=[0, 101])
    return style(figure, height=320)
