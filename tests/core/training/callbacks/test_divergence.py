"""A training that goes astray is stopped, and said."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest

from core.training.callbacks.divergence import Diverged, Divergence, advice, strayed


def fit(x, epochs=1, validation=None):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, np.ones(len(x)), 2, epochs, verbose=0, shuffle=False, callbacks=[Divergence()], validation_data=validation)


def test_a_loss_that_is_no_number_stops_the_training_at_its_step():
    fit(np.ones(6))
    with pytest.raises(Diverged, match="at step 2 of epoch 1"):
        fit(np.array([1, 1, np.nan, 1, 1, 1]), 3)


def test_so_does_a_validation_loss():
    with pytest.raises(Diverged, match="validation loss was not a number after epoch 1"):
        fit(np.ones(2), 3, (np.array([np.inf]), np.ones(1)))


def history(*losses):
    return pd.DataFrame({"epoch": range(1, len(losses) + 1), "val_loss": losses})


def test_losses_near_a_guess_need_no_word():
    assert strayed(history(0.69, 0.5, 1.2, 6.9), 2, 2, 1e-3) == ()
    assert strayed(history(7.0), 1, 3, 1e-3) == (), "ln 3 is 1.1"


def test_a_model_worse_than_any_guess_is_said_with_what_to_do():
    (said,) = strayed(history(2e16, 3e15), 2, 2, 10.0)
    assert "diverged" in said and "3e+15" in said and "0.69" in said and "such as 0.001 (it was 10)" in said


def test_a_good_model_before_the_fall_is_kept_and_said():
    (said,) = strayed(history(0.4, 2e16), 1, 2, 1e-3)
    assert "in epoch 2 the validation loss rose as far as 2e+16" in said and "the model of epoch 1 is kept, with 0.4" in said
    assert "in 2 epochs" in strayed(history(0.4, 2e16, 9.0), 1, 2, 1e-3)[0]


def test_the_advice_is_a_smaller_rate():
    assert advice(1e-4) == "train anew with a smaller learning_rate, such as 1e-05 (it was 0.0001)"
