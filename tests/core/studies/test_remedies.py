from core.config import Recipe
from core.studies.remedies import NONE, SETTINGS, remedies_of, without_remedies


def test_each_remedy_is_told_by_the_recipe_that_its_settings_make():
    for key, settings in SETTINGS.items():
        assert remedies_of(Recipe().with_settings(settings)) == [key]
    assert remedies_of(Recipe(class_weights="balanced", loss="focal")) == ["class_weights", "focal"]


def test_recipes_that_differ_in_remedies_alone_are_the_same_without():
    plain = Recipe(epochs=12, flip=True)
    assert without_remedies(plain) == plain and remedies_of(plain) == [NONE]
    for settings in SETTINGS.values():
        assert without_remedies(plain.with_settings(settings | {"group_cap": "8"})) == plain
    assert without_remedies(plain.with_settings({"epochs": "3"})) != plain
