"""One hostile text in every place that people, files and links can write to: every page and every download shows it as text."""

import json
import re

import pandas as pd
import pytest

from core.runs.identity import write_about

HOST = "evil.example"
TEXT = (
    f"![p](https://{HOST}/p.png) [sign in](https://{HOST}/l) <img src='https://{HOST}/i.png'> www.{HOST} me@{HOST} "
    ":red[r] $x$ \u202etxt\n| a | b |\n=1+1"
)
FOLDER = f"=cmd![p](http:{HOST}) [s](http:{HOST}) <b>"
FOLDS = {
    "overview": ("overview_seeds", "overview_rules", "overview_gaps", "overview_data", "overview_published"),
    "data": ("data_filter", "data_counts", "data_quiet", "data_curves"),
    "train": (),
    "compare": ("compare_pairs", "compare_cost", "compare_leaderboard", "compare_settings"),
    "inspect": (),
}  # fmt: skip
UNBOUND = {"compare_runs": "compare", "inspect_runs": "inspect", "inspect_sample": "inspect", "inspect_data": "inspect",
           "inspect_from": "inspect", "data_source": "data", "data_name": "data", "train_base_run": "train"}  # fmt: skip
PLAIN = {"text", "code", "text_input", "text_area", "selectbox", "multiselect"}  # no markup but for their labels
UNREAD = {"id", "url", "query_string", "key", "form_id", "element_id", "placeholder", "value", "options", "default", "alt"} | {
    "raw_value", "raw_values", "columns",
}  # fmt: skip


def markup_in(text):
    """What Markdown would make of the hostile text, in which every mark is behind a backslash, and every address interrupted."""
    bare = re.sub(r"\\.", "", text)
    found = re.findall(rf"!\[p|\]\(https?:/*{re.escape(HOST)}|<img|<b>|(?:://|www\.|@|http:){re.escape(HOST)}|:red\[|\u202e", bare)
    return found + (["a new line"] if "\n| a |" in text or "\n=1" in text else [])


def tags_in(body):
    """Foreign pictures and links, and tags that are not ours."""
    return re.findall(rf"<(?:img|a)[^>]*{re.escape(HOST)}[^>]*>|<b>(?=\)| )", body)


def strings(proto, path=()):
    for field, value in proto.ListFields():
        for one in [value] if isinstance(value, str | bytes) or not hasattr(value, "__iter__") else value:
            if isinstance(one, str):
                yield (*path, field.name), one
            elif hasattr(one, "ListFields"):
                yield from strings(one, (*path, field.name))


def elements(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from elements(child)


def leaks(app):
    """The places of a page where the hostile text would be markup."""
    found = []
    for element in elements(app._tree):
        kind, proto = getattr(element, "type", ""), getattr(element, "proto", None)
        if proto is None or not hasattr(proto, "ListFields"):
            continue
        for path, text in strings(proto):
            if kind == "html" or path[-1] == "spec":
                found += [(kind, path, mark) for mark in tags_in(text)]
            elif not UNREAD & set(path) and not (kind in PLAIN and path[-1] == "body") and kind not in ("code", "bidi_component"):
                found += [(kind, path, mark, text[:200]) for mark in markup_in(text)]
    return found


def bound(app):
    """The keys of the widgets of a page that its link sets."""
    protos = [element.proto for element in elements(app._tree) if hasattr(getattr(element, "proto", None), "ListFields")]
    return {text for proto in protos for path, text in strings(proto) if path[-1] == "query_param_key"}


@pytest.mark.parametrize("page", FOLDS)
def test_what_a_link_says_of_any_widget_is_shown_as_text(models_dir, open_page, page):
    opened = dict.fromkeys(FOLDS[page], "true")
    keys = bound(open_page(page, **opened)) - set(opened) - set(UNBOUND)
    assert keys
    app = open_page(page, **opened | dict.fromkeys(keys, TEXT))
    assert not app.exception
    assert leaks(app) == []


@pytest.mark.parametrize(("key", "page"), UNBOUND.items())
def test_what_a_link_asks_for_is_shown_as_text(models_dir, open_page, page, key):
    app = open_page(page, **{key: TEXT})
    assert not app.exception
    assert leaks(app) == []


@pytest.fixture
def hostile_models(empty_models, make_run):
    """Runs that say the hostile text wherever their files hold text."""
    one = make_run(empty_models, seed=1, data_title=TEXT, created="2026-01-01T10:00:00+00:00")
    write_about(one, name=TEXT.replace("\n", " ")[:80], note=TEXT)
    (one.path / "card.json").write_text(json.dumps(one.card.to_json() | {"warnings": [TEXT]}), encoding="utf-8")
    other = make_run(empty_models, seed=2, data_title=TEXT)
    other.write_config(other.config.model_copy(update={"title": TEXT, "system": "imported"}))
    other.path.rename(empty_models / FOLDER)
    strange = make_run(empty_models, seed=3)
    strange.write_config(strange.config.model_copy(update={"system": f"unknown {TEXT}"}))
    make_run(empty_models, seed=4).write_status("failed", reason=TEXT)
    make_run(empty_models, seed=5).write_status("running", phase=TEXT)
    waits = make_run(empty_models, seed=6)
    waits.write_status("queued", waiting=True)
    (empty_models / f"{FOLDER}2").mkdir()
    return empty_models


@pytest.mark.parametrize("page", FOLDS)
def test_what_runs_say_is_shown_as_text(hostile_models, open_page, page):
    app = open_page(page, **dict.fromkeys(FOLDS[page], "true"))
    assert not app.exception
    assert leaks(app) == []


@pytest.mark.parametrize("n_classes", [2, 3])
def test_what_classes_are_called_is_shown_as_text(empty_models, make_run, open_page, n_classes):
    for seed in (1, 2):
        run = make_run(empty_models, seed=seed, n_classes=n_classes)
        names = ("NORMAL", TEXT.replace("\n", " "), "VIRAL")[:n_classes]
        columns = {f"p_{old}": f"p_{new}" for old, new in zip(run.config.class_names, names, strict=True)}
        run.write_predictions(run.predictions.rename(columns=columns))
        run.write_config(run.config.model_copy(update={"class_names": names}))
    for page in ("overview", "compare"):
        app = open_page(page, **dict.fromkeys(FOLDS[page], "true"))
        assert not app.exception
        assert leaks(app) == []


@pytest.fixture
def hostile_table(phantoms, tmp_path):
    """A table of images that says the hostile text of each."""
    films = sorted(phantoms.rglob("*.jpeg"))
    rows = [(str(film), TEXT if number % 2 else "NORMAL", f"{number % 5}{TEXT}") for number, film in enumerate(films)]
    table = pd.DataFrame(rows, columns=["path", "class_name", "patient_id"])
    table.loc[0, "path"] = TEXT
    place = tmp_path / "table ![p](https:.csv"
    table.to_csv(place, index=False)
    return place


@pytest.mark.parametrize("look", ["Gallery", "Table", "Mean image", "Grey levels", "Sizes"])
def test_what_a_table_says_is_shown_as_text(empty_models, hostile_table, open_page, look):
    app = open_page("data", data_source=str(hostile_table), data_look=look, data_filter="true", data_counts="true")
    assert not app.exception and len(app.get("plotly_chart")) + len(app.dataframe) + len(app.get("bidi_component"))
    assert leaks(app) == []


def test_what_a_table_says_is_text_where_trainings_are_planned(empty_models, hostile_table, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(hostile_table))
    for page in ("overview", "train"):
        app = open_page(page, **dict.fromkeys(FOLDS[page], "true"))
        assert not app.exception
        assert leaks(app) == []
