import numpy as np
import pandas as pd
import pytest

from core.figures.history import best_epoch, history_figure
from core.metrics.seed_bands import mean_history
from core.runs.history import read_history


def table(val_loss, **columns):
    n = len(val_loss)
    return pd.DataFrame({"epoch": range(1, n + 1), "loss": [0.5] * n, "val_loss": val_loss} | columns)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def test_validation_is_solid_training_dashed_in_one_colour():
    drawn = traces(history_figure({"a": table([0.9, 0.4, 0.6])}, "loss"))
    assert list(drawn["a"].y) == [0.9, 0.4, 0.6]
    assert list(drawn["a"].x) == [1, 2, 3]
    assert drawn["a"].line.dash == "solid"
    assert drawn["a, training"].line.dash == "dash"
    assert drawn["a"].line.color == drawn["a, training"].line.color


def test_the_kept_epoch_is_that_of_the_smallest_validation_loss_whatever_the_metric():
    history = table([0.9, 0.4, 0.6], accuracy=[0.5, 0.6, 0.7], val_accuracy=[0.6, 0.7, 0.8])
    kept = traces(history_figure({"a": history}, "accuracy"))["a, kept"]
    assert (kept.x[0], kept.y[0]) == (2, 0.7)


def test_runs_of_different_length_keep_their_own_epochs():
    drawn = traces(history_figure({"a": table([0.9]), "b": table([0.8, 0.7])}, "loss"))
    assert list(drawn["a"].x) == [1]
    assert drawn["a"].mode == "markers"
    assert list(drawn["b"].x) == [1, 2]
    assert drawn["a"].line.color != drawn["b"].line.color


def test_a_run_before_its_first_epoch_draws_no_points():
    drawn = traces(history_figure({"a": pd.DataFrame(columns=["epoch"])}, "loss"))
    assert drawn == {}
    assert best_epoch(pd.DataFrame(columns=["epoch"])) is None


def test_colours_can_be_given_and_axes_are_named():
    figure = history_figure({"a": table([0.9, 0.8])}, "loss", {"a": "#123456"})
    assert {trace.marker.color or trace.line.color for trace in figure.data} == {"#123456"}
    assert figure.layout.xaxis.title.text == "Epoch"
    assert figure.layout.yaxis.title.text == "Loss"


def test_a_single_run_may_go_without_a_name():
    figure = history_figure({"": table([0.9, 0.8])}, "loss")
    assert set(traces(figure)) == {"Validation", "Training", "Kept"}


def test_smoothing_is_a_moving_average_over_the_values_as_they_were():
    drawn = traces(history_figure({"a": table([1.0, 0.0])}, "loss", smoothing=0.5))
    assert list(drawn["a"].y) == pytest.approx([1, 1 / 3]), "weights 1/2 and 1, over their sum"
    assert list(drawn["a, as it was"].y) == [1, 0]
    assert drawn["a, as it was"].opacity < 0.5
    assert drawn["a, kept"].y[0] == 0


def test_one_split_alone_and_the_epoch_that_the_card_tells():
    drawn = traces(history_figure({"a": table([0.9, 0.4, 0.6])}, "loss", splits=["validation"], kept={"a": 3}))
    assert set(drawn) == {"a", "a, kept"}
    assert (drawn["a, kept"].x[0], drawn["a, kept"].y[0]) == (3, 0.6)


def test_a_training_that_diverged_has_gaps_and_no_endless_figure():
    history = pd.DataFrame({"epoch": [1, 2, 3], "val_loss": [0.5, float("inf"), float("nan")], "loss": [float("inf")] * 3})
    figure = history_figure({"": history}, "loss")
    assert not any(np.isinf(np.asarray(trace.y, dtype=float)).any() for trace in figure.data)
    assert history_figure({"": pd.DataFrame({"epoch": [float("nan")]})}, "loss").data == ()


def test_the_mean_of_seeds_has_a_band_for_validation():
    table = pd.DataFrame(
        {"epoch": [1, 2], "loss": [0.9, 0.5], "val_loss": [1.0, 0.6], "val_loss_low": [0.8, 0.5], "val_loss_high": [1.2, 0.7]}
    )
    figure = history_figure({"A": table}, "loss", {"A": "#112233"})
    mean = history_figure({"A": table.assign(n_runs=2)}, "loss", {"A": "#112233"})
    assert not any("kept" in (trace.name or "") for trace in mean.data) and any("kept" in (trace.name or "") for trace in figure.data)
    assert [list(trace.y) for trace in figure.data if trace.name is None] == [[1.2, 0.7], [0.8, 0.5]]
    assert [list(trace.y) for trace in figure.data if trace.name == "A"] == [[1.0, 0.6]]
    assert all(trace.name for trace in history_figure({"A": table}, "loss", {"A": "#112233"}, smoothing=0.5).data)


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
@pytest.mark.parametrize(
    "content",
    [
        "epoch,val_loss,val_loss_high\n1,0.5,x\n2,0.4,x\n", "epoch,val_loss,val_loss_low,n_runs\n1,0.5,1,1\n", "epoch,loss\n1,x\n",
        "epoch,val_loss\n1,inf\n2,-inf\n", "epoch,val_loss\n1,True\n1,False\n",
        f"epoch,loss,val_loss\n{'9' * 40},1,1\n2,{'9' * 400},1e400\n",
    ],
)  # fmt: skip
def test_any_history_that_can_be_read_can_be_drawn(tmp_path, content, smoothing):
    (tmp_path / "history.csv").write_text(content)
    history = read_history(tmp_path)
    for table in (history, mean_history([history, history])):
        for metric in ("loss", "accuracy"):
            history_figure({"a": table}, metric, {"a": "#000000"}, smoothing=smoothing)
    best_epoch(history)
