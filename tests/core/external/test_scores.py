"""Scores to probabilities: whatever rounding explains is taken and comes out within rounding, anything else is refused in plain numbers."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets.tables.tabular import read_tabular
from core.errors import InputError
from core.external.scores import probabilities, sum_tolerance

FORMS = st.sampled_from([*((separator, ".") for separator in ",;\t|"), *((separator, ",") for separator in ",;\t|"), "parquet"])


@st.composite
def softmaxes(draw, largest=12.0):
    """Softmax outputs of shape (n_samples, n_classes), float32 or float64."""
    shape = draw(st.tuples(st.integers(1, 6), st.integers(2, 3)))
    logits = draw(st.lists(st.floats(-largest, largest), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    powers = np.exp(np.reshape(logits, shape), dtype=draw(st.sampled_from([np.float32, np.float64])))
    return powers / powers.sum(axis=1, keepdims=True)


def back(table: pd.DataFrame, form, **options) -> pd.DataFrame:
    """The table after it was written and read."""
    if form == "parquet":
        buffer = io.BytesIO()
        table.to_parquet(buffer)
        return read_tabular(buffer.getvalue(), "x.parquet")
    separator, decimal = form
    return read_tabular(table.to_csv(index=False, sep=separator, decimal=decimal, **options).encode(), "x.csv")


@pytest.mark.long
@given(softmaxes(), st.integers(2, 8), FORMS, st.booleans())
@settings(max_examples=120, deadline=None)
def test_a_softmax_written_in_any_way_comes_back_within_rounding(scores, decimals, form, fixed):
    table = pd.DataFrame(scores.round(decimals), columns=[f"p_{place}" for place in range(scores.shape[1])])
    read = back(table, form, **({"float_format": f"%.{decimals}f"} if fixed and form != "parquet" else {}))
    found = probabilities(read, "x.csv")
    assert found.min() >= 0 and found.max() <= 1 and found.sum(axis=1) == pytest.approx(1, abs=1e-9)
    assert np.abs(found - scores).max() <= (1 + scores.shape[1]) / 2 * 10.0**-decimals * 1.02 + 2e-6


@given(softmaxes(), FORMS)
@settings(max_examples=40, deadline=None)
def test_per_cent_and_logits_are_refused_in_plain_numbers(scores, form):
    columns = [f"p_{place}" for place in range(scores.shape[1])]
    with pytest.raises(InputError, match=r"outside 0 to 1 .*, first \d+(\.\d+)? in row \d.*per cent") as error:
        probabilities(back(pd.DataFrame(100 * scores, columns=columns), form), "x.csv")
    assert not re.search(r"np\.|float|nan", str(error.value))
    with pytest.raises(InputError, match=r"outside 0 to 1 .*, first -?\d|do not sum to 1"):
        probabilities(back(pd.DataFrame(np.log(scores.astype(np.float64)) - 1, columns=columns), form), "x.csv")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[1 - 1.0000001, 1.0000001]], [[0, 1]]),
        ([[1 + 1e-7, -1e-7]], [[1, 0]]),
        ([[0.33, 0.33, 0.33]], [[1 / 3] * 3]),
        ([[0.34, 0.34, 0.335]], None),  # three decimals, so that a sum may miss by 0.01
        ([[0.34, 0.34, 0.33]], [[0.34 / 1.01, 0.34 / 1.01, 0.33 / 1.01]]),
        ([[0.34, 0.34, 0.34]], None),
        ([[0.3, 0.3, 0.3]], [[1 / 3] * 3]),
        ([[0.5, 0.52]], None),
        ([[0.7, 0.5]], None),
        ([[-2e-5, 1]], None),
        ([[1, 1]], None),
    ],
)
def test_room_for_rounding(rows, expected):
    table = pd.DataFrame(rows)
    if expected is None:
        with pytest.raises(InputError, match=r"do not sum to 1|outside 0 to 1"):
            probabilities(table, "x.csv")
    else:
        assert probabilities(table, "x.csv") == pytest.approx(np.array(expected), abs=1e-12)


def test_half_a_unit_of_the_last_decimal_for_each_class():
    assert sum_tolerance(np.array([[0.33, 0.33, 0.33]])) == pytest.approx(0.015, abs=2e-6)
    assert sum_tolerance(np.array([[0.3, 0.7]])) == pytest.approx(0.1, abs=2e-6)
    assert sum_tolerance(np.array([[0.333, 0.667]])) == pytest.approx(0.01, abs=2e-6)


def test_one_column_is_the_second_class():
    assert probabilities(pd.DataFrame({"p": ["0,25", "1,0000001"]}), "x.csv").tolist() == [[0.75, 0.25], [0, 1]]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["0.5", None], "first an empty cell in row 2"),
        (["nan", "0.5"], "first an empty cell in row 1"),
        (["inf", "0.5"], "first 'inf' in row 1"),
        (["32%", "0.5"], "first '32%' in row 1, column p; write shares without the sign"),
        ([32.5, 0.5], r"first 32.5 in row 1, column p; give probabilities, not logits or per cent"),
        (np.array([np.float32(-0.25), 0.5]), r"first -0.25 in row 1"),
    ],
)
def test_a_cell_is_shown_as_a_person_would_write_it(cells, words):
    with pytest.raises(InputError, match=words):
        probabilities(pd.DataFrame({"p": cells}), "x.csv")
