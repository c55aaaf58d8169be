"""Settings that differ between runs."""

from __future__ import annotations

from core.config import Recipe
from core.reporting.differing_settings import differing_settings, settings_of
from core.runs.identity.names import group_name
from core.runs.run import Run


def test_only_what_differs_is_a_row_and_what_is_not_known_a_dash(scored_run):
    one = scored_run(recipe=Recipe(cutmix=0.5, cosine=True), seed=1)
    other, imported = scored_run(recipe=Recipe(), seed=1), scored_run(system="imported")
    table = differing_settings({"A": one, "B": other, "C": imported}).set_index("Setting")
    assert table[["A", "B", "C"]].to_dict("index") == {
        "Cosine": {"A": "on", "B": "off", "C": "–"},
        "Cutmix": {"A": "0.5", "B": "0", "C": "–"},
    }
    assert "batches" in table.loc["Cutmix", "What it is"]


def test_a_mean_is_said_to_be_made_of_its_members_and_has_their_settings(scored_run):
    members = [scored_run(seed=1, recipe=Recipe(cutmix=0.5)), scored_run(seed=2, recipe=Recipe())]
    config = members[0].config
    for number, member in enumerate(members):
        member.path.rename(members[0].path.parents[1] / f"m{number}")
    folder = members[0].path.parents[1]
    names, members = ("m0", "m1"), [Run(folder / "m0"), Run(folder / "m1")]
    mean = Run(folder / "mean")
    mean.path.mkdir()
    mean.write_config(config.model_copy(update={"system": "ensemble", "members": names, "title": "ours"}))
    settings = settings_of(mean)
    assert (
        settings["System"] == " + ".join(map(group_name, members)) + ", mean"
        and settings["Cutmix"] == "0.5, 0"
        and settings["Image size"] == "64"
    )
    mean.write_config(mean.config.model_copy(update={"members": ("m0", "gone")}))
    assert settings_of(mean) == {"System": "Mean of 2 runs", "Classes": "NORMAL, PNEUMONIA"}


def test_like_runs_have_no_row(scored_run):
    assert differing_settings({"A": scored_run(), "B": scored_run()}).empty
