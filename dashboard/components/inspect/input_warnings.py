"""The reasons for doubt, before any score: each once, what can be put right, and the measuring of a run's training images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import streamlit as st

from core.errors import InputError
from core.inference.ensemble import open_members
from core.inference.prediction import Prediction
from core.input_checks import Finding, build_reference, in_brief, save_reference
from core.input_checks.unlikeness import save_unlikeness
from core.runs.run import Run
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.markdown import plain
from dashboard.shared_mode import may_train
from dashboard.turns import giving_way, turn

REFUSED = {False: "**No score is shown**, as it would mean nothing:", True: "**The scores shown mean nothing** for this film:"}  # if asked
OWN = ("features", "copy", "run", "age", "view")  # kinds in which each model may say another thing


def shared_findings(predictions: Mapping[str, Prediction]) -> list[tuple[Finding, list[str]]]:
    """Each finding once, with the labels of the runs that made it; refusals first."""
    found: dict[str, tuple[Finding, list[str]]] = {}
    for label, prediction in predictions.items():
        for finding in prediction.findings:
            found.setdefault(finding.sentence if finding.kind in OWN else finding.kind, (finding, []))[1].append(label)
    return sorted(found.values(), key=lambda item: item[0].level != "refuse")


def show_findings(picture: Picture, predictions: Mapping[str, Prediction], colours: Mapping[str, str]) -> bool:
    """Show the reasons; returns whether scores may be shown.

    A refused picture shows none until the reader asks for them.
    """
    found = shared_findings(predictions)
    if not found:
        return True
    refused = any(finding.level == "refuse" for finding, _ in found)
    lines = [with_chips(line, colours) for line in brief_lines(predictions)]
    key = f"inspect_anyway_{picture.digest}"
    start = REFUSED[bool(st.session_state.get(key))] if refused else "**Reasons for doubt**:"
    box, icon = (st.error, ":material/block:") if refused else (st.warning, ":material/warning:")
    box(f"{start} {lines[0]}" if len(lines) == 1 else "\n".join([start, "", *(f"- {line}" for line in lines)]), icon=icon)
    _show_measured([with_chips(_line(finding.sentence, labels, len(predictions)), colours) for finding, labels in found], lines)
    for finding, _ in found:
        _offer_remedy(picture, finding)
    return not refused or st.toggle("Show the scores anyway", key=key, persist_state="page")


def remedy_keys(picture: Picture) -> tuple[str, str]:
    """Where the session remembers the quarter turns and the inversion of a picture as it came."""
    return f"_inspect_turns_{picture.digest}", f"_inspect_invert_{picture.digest}"


def show_unmeasured(labelled: Mapping[str, Run], predictions: Mapping[str, Prediction]) -> None:
    """Which runs could not compare the picture with their training images, and what to do about it."""
    judges = {judge.name: judge for label in predictions for judge in open_members(labelled[label]) or [labelled[label]]}
    missing = [judge for judge in judges.values() if not judge.reference_path.exists()]
    if not missing:
        return
    names = ", ".join(plain(state.name_of(run)) for run in missing)
    st.info(
        f"Not checked against the training films of {names}, as these are not measured yet: an out-of-distribution film goes unnoticed.",
        icon=":material/straighten:",
    )
    if not _measurable(missing):
        st.code(f"python -m core reference {' '.join(run.name for run in missing)} --data DATA", language="sh")
    elif may_train() and st.button("Measure now (a minute or two for each model)", key="inspect_measure"):
        for run in missing:
            _measure(run)
        st.rerun()


def brief_lines(predictions: Mapping[str, Prediction]) -> list[str]:
    """Each reason in one line, without distances; whose it is, where not all models give it. Refusals come first."""
    found: dict[str, list[str]] = {}
    for label, prediction in sorted(predictions.items(), key=lambda item: not item[1].refused):
        for line in in_brief(sorted(prediction.findings, key=lambda finding: finding.level != "refuse")):
            found.setdefault(line, []).append(label)
    order = list(predictions)
    return [_line(line, sorted(labels, key=order.index), len(predictions)) for line, labels in found.items()]


def _show_measured(sentences: Sequence[str], lines: Sequence[str]) -> None:
    """The distances behind the lines, a click away; nothing where the lines say it all."""
    if list(sentences) != list(lines):
        with st.expander("What was measured", icon=":material/straighten:", key="inspect_measured"):
            st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def _line(sentence: str, labels: Sequence[str], n_runs: int) -> str:
    """A finding of some models alone says whose it is."""
    sentence = plain(sentence)
    return sentence if len(labels) == n_runs else f"{plain(' and '.join(labels))}: {sentence}"


def _measurable(missing: Sequence[Run]) -> bool:
    with suppress(InputError):  # the chooser says it
        dataset = state.dataset(wait=False)
        return dataset.has_pixels and all(run.config.fingerprint == dataset.fingerprint for run in missing)
    return False


def _measure(run: Run) -> None:
    bar = st.progress(0.0, text=f"Measuring the training images of {plain(state.name_of(run))} …")

    def progress(done: int, total: int) -> None:
        bar.progress(done / total, text=f"{plain(state.name_of(run))}: {done:,} of {total:,} images")

    try:
        with turn("training images", bar):
            reference = build_reference(run, state.model(run), state.dataset(), giving_way(progress))
            save_reference(run, reference)
            save_unlikeness(run, state.model(run), reference, state.dataset())
    except (InputError, OSError) as error:
        st.error(plain(error))
        st.stop()
    finally:
        bar.empty()


def _offer_remedy(picture: Picture, finding: Finding) -> None:
    turns, invert = remedy_keys(picture)
    if finding.kind == "rotated" and st.button("Turn upright", icon=":material/rotate_left:", key="inspect_turn"):
        st.session_state[turns] = (st.session_state.get(turns, 0) + finding.turns) % 4
        st.rerun()
    if finding.kind == "inverted" and st.button("Invert", icon=":material/invert_colors:", key="inspect_invert"):
        st.session_state[invert] = not st.session_state.get(invert, False)
        st.rerun()
