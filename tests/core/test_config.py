"""Settings: what is allowed, what each refusal says, and the way through JSON and back."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from core.config import Recipe, RunConfig
from core.config.words import takes
from core.errors import InputError

FIELDS = {"system": "cnn1", "n_classes": 2, "class_names": ("NORMAL", "PNEUMONIA"), "image_size": 224, "recipe": Recipe()}


def test_json_round_trip_keeps_every_field():
    config = RunConfig(
        **FIELDS | {"recipe": Recipe(epochs=3, plateau_patience=2, flip=True, learning_rate=3e-4)},
        seed=7, limit=100, base_run="cnn1-x", data_title="Größe", fingerprint="ab", created="2024-01-01", versions={"keras": "3"},
    )  # fmt: skip
    again = RunConfig.from_json(config.model_dump_json())
    assert again == config and again.recipe.learning_rate == 3e-4
    assert RunConfig.from_json(json.dumps(config.model_dump(mode="json"))) == config


def test_it_is_frozen():
    with pytest.raises(ValidationError):
        Recipe().epochs = 9


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("epochs", "12", 12), ("learning_rate", "1e-4", 1e-4), ("flip", "true", True), ("class_weights", "balanced", "balanced"),
        ("early_stopping", "none", None), ("early_stopping", "None", None), ("plateau_patience", "2", 2), ("rotation", "30", 30.0),
    ],
)  # fmt: skip
def test_settings_are_parsed(key, text, value):
    assert getattr(Recipe(early_stopping=4).with_settings({key: text}), key) == value


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"epoch": "3"}, "no setting 'epoch'; choose from epochs, batch_size"),
        ({"epochs": "0"}, "setting epochs is not valid.*it takes a whole number ≥ 1 and ≤ 1,000; received '0'"),
        ({"epochs": "many"}, "setting epochs is not valid.*received 'many'"),
        ({"epochs": "none"}, "setting epochs is not valid"),
        ({"flip": "maybe"}, "flip is not valid: it takes true or false; received"),
        ({"early_stopping": "0"}, "early_stopping is not valid: it takes a whole number ≥ 1 or none; received"),
        ({"learning_rate": "-1"}, "learning_rate is not valid: it takes a number > 0 and ≤ 10"),
        ({"learning_rate": "nan"}, "learning_rate is not valid"),
        ({"decay": "inf"}, "decay is not valid: it takes a finite number ≥ 0; received .inf"),
        ({"groups": ""}, "groups is not valid: it takes text of 1 to 200 characters; received ''"),
        ({"groups": "g" * 201}, "groups is not valid: it takes text of 1 to 200 characters; received 'ggg"),
        ({"left_out": "g" * 201}, "left_out is not valid: it takes text of at most 200 characters; received 'ggg"),
        ({"zoom": "1"}, "zoom is not valid: it takes a number ≥ 0 and < 1"),
        ({"optimizer": "sgd"}, "optimizer is not valid: it takes adam, adamw or rmsprop; received 'sgd'"),
        ({"decay": "0.1", "plateau_patience": "2"}, "do not fit together.*both steer the learning rate"),
        ({"epochs": "9" * 500}, "epochs is not valid"),
    ],
)
def test_bad_settings_are_named(settings, expected):
    with pytest.raises(InputError, match=expected) as refusal:
        Recipe().with_settings(settings)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".") and len(str(refusal.value)) < 600


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"system": None}, "system"),
        ({"surprise": 1}, "surprise is not valid: extra inputs are not permitted"),
        ({"n_classes": 1, "class_names": ["A"]}, "n_classes"),
        ({"class_names": ["A", "B", "C"]}, "do not fit together: there are 2 classes and the names A, B, C"),
        ({"class_names": ["A", "A"]}, "do not fit together"),
        ({"class_names": ["A", "A", "B"]}, "do not fit together"),
        ({"image_size": 0}, "image_size"),
        ({"seed": -1}, "seed"),
        ({"limit": 0}, "limit"),
        ({"recipe": {"epochs": 0}}, "recipe.epochs"),
        ({"recipe": 5}, "recipe"),
    ],
)
def test_bad_configurations_are_named(change, expected):
    content = RunConfig(**FIELDS).model_dump(mode="json") | change
    with pytest.raises(InputError, match=expected):
        RunConfig.from_json(json.dumps(content))
    with pytest.raises(InputError, match=expected):
        RunConfig.checked(**content)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "12", '{"system": "cnn1"}', "\x00"])
def test_text_that_is_no_configuration(text):
    with pytest.raises(InputError, match="not valid") as refusal:
        RunConfig.from_json(text)
    assert "\n" not in str(refusal.value)


def test_only_changed_settings_are_passed_on():
    recipe = Recipe(early_stopping=3)
    values = recipe.model_dump() | {"early_stopping": None, "learning_rate": 3e-5}
    assert recipe.changed(values) == {"early_stopping": "none", "learning_rate": "3e-05"}
    assert recipe.with_settings(recipe.changed(values)).learning_rate == 3e-5


def test_every_setting_says_what_it_takes():
    assert all(takes(field) for field in Recipe.model_fields.values())
    fields = Recipe.model_fields | RunConfig.model_fields
    said = {
        name: takes(fields[name], "`")
        for name in ("early_stopping", "flip", "resize", "zoom", "limit", "class_names", "decay", "groups", "system")
    }
    assert said == {
        "early_stopping": "a whole number ≥ 1 or `none`", "flip": "`true` or `false`", "resize": "`squash` or `pad`",
        "zoom": "a number ≥ 0 and < 1", "limit": "a whole number ≥ 1 or `none`", "class_names": "",
        "decay": "a finite number ≥ 0", "groups": "text of 1 to 200 characters", "system": "text",
    }  # fmt: skip
