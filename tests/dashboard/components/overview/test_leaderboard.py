"""The leaderboard of the Overview as text: what its table says, and what of it a phone shows below."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from core.metrics.generalisation import BATTERY
from core.reporting.published_vs_measured import METRICS
from dashboard.components.overview.leaderboard import on_a_phone, written

NAN = float("nan")
FIGURES = {"roc_auc": (0.97, 0.01), "accuracy": (0.9, NAN), "sensitivity": (NAN, NAN), "specificity": (0.8, NAN), "macro_f1": (NAN, NAN)}
LINE = {
    "group": "Small <b>network</b>", "n_runs": 3, "system": "cnn1", "before": 0.91236, "before_on": BATTERY, "n_test": 624,
    "parameters": 1000, "data_title": "Phantoms",
}  # fmt: skip
LINE |= {metric: value for metric, (value, _) in FIGURES.items()} | {f"{metric}_sd": sd for metric, (_, sd) in FIGURES.items()}
LINE |= {f"{metric}_{end}": value + step for metric, (value, _) in FIGURES.items() for end, step in (("low", -0.02), ("high", 0.02))}
UNTRIED = LINE | {"group": "Brought in", "system": "imported", "before": NAN, "before_on": NAN, "accuracy": NAN}
BOARD = pd.DataFrame([LINE, UNTRIED])


def test_a_phone_shows_the_name_what_was_known_before_and_the_figures_on_test():
    shown = on_a_phone(written(BOARD, "Recipe"))
    assert shown.to_dict("list") == {
        "Recipe": ["Small <b>network</b>", "Brought in"],
        METRICS["roc_auc"]: ["0.970 ± 0.010 (0.950–0.990)"] * 2,
        METRICS["accuracy"]: ["0.900 (0.880–0.920)", "–"],
        METRICS["specificity"]: ["0.800 (0.780–0.820)"] * 2,
        "AUC before test": ["0.9124", "–"],
    }  # a metric that no line has is left out
    assert on_a_phone(written(BOARD, "Run")).columns[0] == "Run"


def test_the_table_tells_seeds_films_and_what_was_looked_at_before_test():
    table = written(BOARD, "Recipe")
    assert table["Seeds"].isna().tolist() == [False, True] and table["Test films"].tolist() == [624, 624]
    assert table["Before test on"].tolist() == ["altered validation images", "plain validation images"]
    assert "Seeds" not in written(BOARD, "Run") and "Before test on" not in written(BOARD[:1], "Recipe")


def test_it_is_drawn_below_the_table_for_phones_alone_and_text_stays_text():
    def page(shown):
        from dashboard.components.stacked_table import show_below_on_phones

        show_below_on_phones(shown, "The figures of the leaderboard on test")

    (html,) = AppTest.from_function(page, args=(on_a_phone(written(BOARD, "Recipe")),)).run().get("html")
    body = html.proto.body
    assert '<div class="stacked-below">' in body and "<caption>The figures of the leaderboard on test</caption>" in body
    assert "&lt;b&gt;network" in body and '<td role="cell" data-label="AUC before test">0.9124</td>' in body
