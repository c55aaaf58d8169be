"""Draw phantoms, download the published set or name a folder, on every page that needs pixels."""

from __future__ import annotations

import streamlit as st

from core.datasets import ACCEPTED
from core.datasets.tables.columns import UnclearColumns
from core.errors import InputError
from core.machine.free_space import size_text
from dashboard import acquisition, chosen, shared_mode, state
from dashboard.acquisition import CANCELLED, FAILED, FINISHED, N_PHANTOMS, RUNNING, SOURCES, Acquisition
from dashboard.components.formats import duration
from dashboard.components.images.image_columns import ask_columns_of
from dashboard.components.markdown import plain

WATCHED, PROBLEM, UNCLEAR = "_images_watched", "_images_problem", "_images_unclear_table"
BAD_FOLDER = "_images_bad_folder"  # said in the window in which the folder was named, which would cover what stands below it
EVERY = 1.0  # seconds between two looks at what is under way
SETS = {
    "kaggle": "Chest X-ray Images (Pneumonia): 5,856 images, the 5,840 shown now and the 16 of its own val folder; a download of 2.3 GB "
    "from Kaggle, without an account",
    "pneumoniamnist": "PneumoniaMNIST: the same 5,856 images at 224 × 224 pixels; a download of 0.2 GB from Zenodo",
}
NEEDED = {"kaggle": 4.8e9, "pneumoniamnist": 0.3e9}  # bytes of disk while it is unpacked
LEFT = "What was downloaded so far is kept: start it again to continue where it stopped."


def get_images() -> None:
    """The strip: three ways to images while only shipped results are there, and what is under way; nothing once a folder is chosen."""
    take_what_is_ready()
    attempts = _attempts()
    if not chosen.chosen().is_shipped and not attempts:
        return
    if not shared_mode.may_name_paths():
        st.caption(f":material/lock: {shared_mode.PATHS_OFF} Choose one on the Data page.")
        return
    with st.container(border=True, key="get_images"):
        if chosen.chosen().is_shipped:
            _three_ways({attempt.source.key for attempt in attempts if attempt.state == RUNNING})
        if problem := st.session_state.pop(PROBLEM, ""):
            st.error(plain(problem), icon=":material/error:")
        if unclear := st.session_state.get(UNCLEAR):
            ask_columns_of(*unclear, _use)
        running = any(attempt.state == RUNNING for attempt in attempts)
        st.fragment(_under_way, run_every=EVERY if running else None)()


def take_what_is_ready() -> None:
    """Make images that were drawn or downloaded for this session the ones in use; whoever saw their progress waited for them."""
    watched = st.session_state.setdefault(WATCHED, [])
    for key, source in SOURCES.items():
        attempt = acquisition.current(source)
        if attempt and attempt.state == RUNNING and key not in watched:
            watched.append(key)
        elif attempt and attempt.state == FINISHED and key in watched:
            watched.remove(key)
            acquisition.forget(source)
            chosen.choose(attempt.path)
            st.toast("The images are ready and in use on every page.", icon=":material/check:")


def _attempts() -> list[Acquisition]:
    """What is under way, and what this session saw fail or cancelled."""
    found = [attempt for source in SOURCES.values() if (attempt := acquisition.current(source))]
    watched = st.session_state.get(WATCHED, [])
    return [attempt for attempt in found if attempt.state == RUNNING or (attempt.source.key in watched and attempt.state != FINISHED)]


def _three_ways(running: set[str]) -> None:
    text, buttons = st.columns([5, 4], vertical_alignment="center")
    text.markdown(
        "**You are looking at shipped results**, without the images. To see images and train on them: draw synthetic films (seconds), "
        "download the published set (2.3 GB), or use your own folder."
    )
    with buttons.container(horizontal=True, gap="small"):
        st.button(
            "Draw phantoms", key="get_phantoms", icon=":material/draw:", type="primary", on_click=_begin, args=("phantoms",),
            disabled="phantoms" in running,
            help=f"Draws {N_PHANTOMS} synthetic chest X-rays, in seconds and without a download. For trying everything out; "
            "results on them say nothing about patients.",
        )  # fmt: skip
        with st.popover("Download the set", icon=":material/download:", key="get_download"):
            _download(running)
        with st.popover("Use a folder", icon=":material/folder_open:", key="get_folder"):
            _use_a_folder()


def _download(running: set[str]) -> None:
    key = st.radio("Which one", SETS, format_func=SETS.get, key="get_set")
    source = SOURCES[key]
    usual = acquisition.usual_place(source)
    dest = st.text_input("Into this folder", key=f"get_dest_{key}", placeholder=str(usual), help="Of the machine that runs the dashboard.")
    st.caption(f"Needs {size_text(NEEDED[key])} of disk. You can go on working meanwhile, cancel it, and continue it later.")
    st.button(
        "Start the download", key="get_start", type="primary", icon=":material/download:", disabled=key in running,
        on_click=_begin, args=(key, dest),
    )  # fmt: skip


def _use_a_folder() -> None:
    path = st.text_input("Path", key="get_path", placeholder="/data/chest_xray", help="On the machine that runs the dashboard.")
    st.caption(f"Accepted: {ACCEPTED}.")
    st.button("Use it", key="get_use", type="primary", disabled=not (path or "").strip(), on_click=_use, args=(path, BAD_FOLDER))
    if problem := st.session_state.pop(BAD_FOLDER, ""):
        st.error(plain(problem), icon=":material/error:")
    for number, known in enumerate(one for one in chosen.offered() if one != chosen.SHIPPED):
        label = f"{'Used before: ' if number == 0 else ''}{plain(known)}"
        st.button(label, key=f"get_recent_{number}", type="tertiary", icon=":material/history:", on_click=_use, args=(known, BAD_FOLDER))


def _begin(key: str, dest: str = "") -> None:
    watched = st.session_state.setdefault(WATCHED, [])
    try:
        acquisition.start(SOURCES[key], dest or "")
    except InputError as error:
        st.session_state[PROBLEM] = str(error)
        return
    if key not in watched:
        watched.append(key)


def _use(path: str, problem: str = PROBLEM) -> None:
    """Try the folder at once, so that what is wrong with it is said where it was named: `problem` says where."""
    st.session_state.pop(UNCLEAR, None)
    try:
        state.dataset(path)
        chosen.choose(path)
    except UnclearColumns as error:
        st.session_state[UNCLEAR] = path, error
    except InputError as error:
        st.session_state[problem] = str(error)


def _under_way() -> None:
    """Progress, time left and a way to stop; the page is drawn anew when something is ready."""
    attempts = _attempts()
    watched = st.session_state.get(WATCHED, [])
    if any((attempt := acquisition.current(SOURCES[key])) and attempt.state == FINISHED for key in watched):
        st.rerun()
    for attempt in attempts:
        {RUNNING: _running, FAILED: _failed, CANCELLED: _cancelled}[attempt.state](attempt)


def _running(attempt: Acquisition) -> None:
    part, amount, seconds = attempt.progress
    left = f"about {duration(seconds)} left" if seconds is not None else "estimating the time left" if amount else "starting"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(part, text=f"{attempt.source.doing}: {amount + ', ' if amount else ''}{left}", width="stretch")
        if st.button("Cancel", key=f"get_cancel_{attempt.source.key}", icon=":material/stop:"):
            acquisition.cancel(attempt.source)
    st.caption(f"Into {plain(attempt.dest)}.")


def _failed(attempt: Acquisition) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.error(f"{attempt.source.doing} did not work. {plain(attempt.reason)}", icon=":material/error:", width="stretch")
        _again(attempt, "Try again")


def _cancelled(attempt: Acquisition) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"{attempt.source.doing} was cancelled. {'' if attempt.source.key == 'phantoms' else LEFT}", width="stretch")
        _again(attempt, "Start again")


def _again(attempt: Acquisition, label: str) -> None:
    key = attempt.source.key
    if st.button(label, key=f"get_again_{key}", icon=":material/refresh:"):
        _begin(key, attempt.dest)
        st.rerun()
    if st.button("Close", key=f"get_close_{key}", icon=":material/close:", type="tertiary"):
        acquisition.forget(attempt.source)
        st.session_state[WATCHED].remove(key)
        st.rerun()
