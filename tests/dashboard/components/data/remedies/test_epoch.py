import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.config import Recipe
from core.metrics.evaluation import evaluate
from core.studies.remedies import SETTINGS, SHARES, THRESHOLD, remedies_of
from core.training.plan import plan
from dashboard.components.data.remedies.epoch import readable, remedy_table, usual_batch, usual_range
from dashboard.components.data.remedies.measured import NAMES as NAMES_IN_WORDS
from dashboard.components.data.remedies.prevalence import thousand, values_table
from dashboard.components.data.remedies.remedy import REMEDIES

COUNTS = np.array([1073, 3100])
NAMES = ("NORMAL", "PNEUMONIA")


@pytest.mark.parametrize(
    ("remedy", "shown", "repeats", "weight", "prior"),
    [
        ("none", [1073, 3100], [1, 1], [1, 1], [25.7, 74.3]),
        ("class_weights", [1073, 3100], [1, 1], [1.945, 0.673], [50, 50]),
        ("oversample", [3100, 3100], [2.89, 1], [1, 1], [50, 50]),
        ("undersample", [1073, 1073], [1, 0.35], [1, 1], [50, 50]),
        ("focal", [1073, 3100], [1, 1], [1, 1], [25.7, 74.3]),
    ],
)
def test_what_each_remedy_does_to_the_training_images(remedy, shown, repeats, weight, prior):
    table = remedy_table(COUNTS, NAMES, remedy)
    assert table["Shown in an epoch"].tolist() == shown and table["Each image"].tolist() == repeats
    assert table["Weight"].tolist() == weight and table["Implied prior"].tolist() == prior


def test_the_batch_shown_agrees_with_the_epoch_beside_it():
    """Undersampling to equal shares once stood beside a batch of 22 and 10, drawn by chance."""
    assert usual_batch(np.array([1073, 1073])).tolist() == [16, 16]
    assert usual_batch(COUNTS).tolist() == [8, 24]  # 25.7 % of 32 is 8.2
    assert usual_batch(np.array([10, 5, 5])).tolist() == [10, 5, 5]  # an epoch smaller than a batch
    assert usual_batch(np.array([1, 1, 1]), 2).sum() == 2 and usual_batch(np.array([0, 0])).sum() == 0


def test_single_batches_vary_as_draws_without_replacement_do():
    """Half of very many: 16 ± 1.96 · √8 = 10.5 to 21.5."""
    assert usual_range(np.array([100_000, 100_000])) == (10, 22)
    assert usual_range(np.array([16, 16])) == (16, 16)


def test_the_recipe_tells_the_remedy():
    assert remedies_of(Recipe()) == ["none"]
    assert remedies_of(Recipe(class_weights="balanced")) == ["class_weights"]
    assert remedies_of(Recipe(sampling="oversample")) == ["oversample"]
    assert remedies_of(Recipe(sampling="undersample")) == ["undersample"]
    assert remedies_of(Recipe(loss="focal")) == ["focal"]


def test_every_remedy_that_was_measured_can_be_chosen_and_trained_with():
    assert [remedy.key for remedy in REMEDIES] == [*SETTINGS, THRESHOLD] and {remedy.key for remedy in REMEDIES} == set(NAMES_IN_WORDS)
    for own in (Recipe(), Recipe(class_weights="balanced"), Recipe(sampling="oversample", loss="focal")):
        for remedy in REMEDIES[:-1]:
            used = remedies_of(own.with_settings(remedy.recipe_settings))
            assert used == [remedy.key] if remedy.key not in SHARES else remedy.key in used
    assert REMEDIES[1].setting == "class_weights=balanced" and not REMEDIES[0].setting and not REMEDIES[-1].setting


def test_a_thousand_patients_add_up():
    assert thousand(0.9, 0.8, 0.05) == (45, 5, 190, 760)
    for prevalence in (0.01, 0.333, 0.745, 0.99):
        assert sum(thousand(0.87, 0.53, prevalence)) == 1000


def test_values_carry_intervals_where_a_run_measured_the_rates():
    y_true = np.repeat([0, 1], [40, 60])
    scores = np.where(np.arange(100) % 10 == 0, 1 - y_true, y_true).astype(float)  # one in ten wrong on each side
    table = pd.DataFrame(
        {"sample_id": [f"test/NORMAL/{i}" for i in range(100)], "y_true": y_true, "p_NORMAL": 1 - scores, "p_PNEUMONIA": scores}
    )
    evaluation = evaluate(table, NAMES, 0.5)
    with_run = values_table({"here": 0.5}, 0.9, 0.9, evaluation).iloc[0]
    assert with_run["PPV"].startswith("0.900 (") and with_run["Ill"] == 50
    assert values_table({"here": 0.5}, 0.9, 0.9, None).iloc[0]["PPV"] == "0.900"


def test_the_table_is_read_with_its_units():
    row = readable(remedy_table(COUNTS, NAMES, "oversample")).iloc[0]
    assert row.tolist() == ["NORMAL", "1,073", "3,100", "2.89×", "1.000", "50.0 %"]


def show_measured(key: str) -> None:
    from dashboard.components.data.remedies.measured import measured

    measured(key, 2, "0" * 16)


def test_finished_runs_of_any_system_stand_beside_their_remedy(empty_models, make_run):
    settings = {"class_weights": {"class_weights": "balanced"}, "oversample": {"sampling": "oversample"},
                "undersample": {"sampling": "undersample"}, "focal": {"loss": "focal"}}  # fmt: skip
    for seed, (system, setting) in enumerate(zip(("cnn1", "three_conv_cnn", "lens_scratch", "cnn1"), settings.values(), strict=True)):
        recipe = plan(system, 2, {"epochs": "3"}, seed).recipe
        make_run(empty_models, system=system, seed=seed, recipe=recipe.with_settings(setting))
    tables = [AppTest.from_function(show_measured, args=(key,)).run().get("html")[0].proto.body for key in settings]
    assert all(f"seed {seed}" in table and "AUC" in table for seed, table in enumerate(tables))
    assert "seed 2, with undersampling" in tables[0] and "seed 2, with class weights" in tables[2]  # its own recipe weighs the classes
    assert "seed 0" not in tables[1] and "seed 1" not in tables[3]
