"""How far to believe a map: a verdict line, and each check as a number, a small plot and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import InputError
from core.inference.apart import believe_apart
from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency import Explanation, get_method
from dashboard.components.chips import with_chips
from dashboard.components.inspect.analysis import Reading, model_input
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.try_again import offer_again
from dashboard.components.markdown import plain
from dashboard.figures.map_check import check_figure
from dashboard.turns import giving_way, turn

if TYPE_CHECKING:
    from core.saliency.checks import Belief, Check

SAID = "_inspect_map_verdicts"
VERDICTS = {
    "supported": (st.success, ":material/verified:"),
    "doubtful": (st.warning, ":material/help:"),
    "unsupported": (st.error, ":material/gpp_bad:"),
    "empty": (st.info, ":material/hide_image:"),
}
MARKS = {True: ":green[:material/check: passed]", False: ":red[:material/close: failed]", None: ":gray[:material/remove: does not apply]"}


def verdicts_of(picture: Picture, run: Run) -> list[str]:
    """The verdicts of a run's maps of a picture, as far as they were asked for in this session: ``Grad-CAM: …``."""
    return [
        sentence for (digest, name, *_), sentence in st.session_state.get(SAID, {}).items() if (digest, name) == (picture.digest, run.name)
    ]


def show_belief(title: str, run: Run, picture: Picture, reading: Reading, colours: Mapping[str, str]) -> Belief | None:
    """The verdict and checks of one map, computed when asked for; returns them once they are there."""
    key = f"inspect_believe_{run.name}_{reading.explanation.method}"
    said = st.session_state.setdefault(SAID, {})
    wanted = (picture.digest, run.name, reading.explanation.method, reading.explanation.class_id, reading.explanation.layer)
    st.markdown(with_chips(f"**{plain(title)}**", colours))
    place = st.empty()
    if wanted not in said and not place.button("Check this map (a few seconds)", key=key, icon=":material/fact_check:"):
        return None
    place.empty()
    try:
        belief = _believe(stamp(run), *wanted, run, picture, reading.explanation)
    except InputError as error:
        st.warning(plain(error))
        offer_again(error, key)
        return None
    if wanted not in said:
        said[wanted] = f"{get_method(reading.explanation.method).title}: {belief.sentence}"
        st.rerun()  # what stands above, such as the table of several files, says it too
    show, icon = VERDICTS[belief.level]
    show(belief.sentence, icon=icon)
    for row in range(0, len(belief.checks), 3):
        for place, check in zip(st.columns(3), belief.checks[row : row + 3], strict=False):
            with place:
                _show_check(check, key)
    return belief


def _show_check(check: Check, key: str) -> None:
    value = "–" if check.value is None else f"{check.value:.3g}"
    st.markdown(f"**{check.title}**  \n{value} {check.unit} · {MARKS[check.passed]}")
    if len(check.curve):
        figure = check_figure(check.curve, check.kind, check.x_label, check.y_label)
        st.plotly_chart(figure, key=f"{key}_{check.key}", config={"displayModeBar": False}, alt=f"{check.title}: {check.sentence}")
    st.caption(f"{check.sentence} ({check.reference})")


@st.cache_data(max_entries=50, show_spinner=False, scope="session")
def _believe(
    stamp: tuple, digest: str, run_name: str, method: str, class_id: int, layer: str | None, _run: Run, _picture: Picture, _map: Explanation
) -> Belief:
    bar = st.progress(0.0, text="Checking the map …")

    def progress(done: int, total: int) -> None:
        bar.progress(done / total, text=f"Checking the map: {100 * done // total} %")

    try:
        with turn(f"checks of {method} of {_run.config.system}", bar):
            return believe_apart(_run, model_input(_run, _picture), _map, giving_way(progress))
    finally:
        bar.empty()
