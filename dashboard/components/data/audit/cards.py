"""What the audit of a data set found, worst first."""

from __future__ import annotations

import time
from contextlib import ExitStack

import pandas as pd
import streamlit as st

from core.audit import CHECKS, READINGS, Finding, images_concerned, worst_first
from core.counted import counted
from core.datasets import Dataset
from core.text import as_csv
from dashboard.components.data.audit.findings import NAMING, chosen_finding
from dashboard.components.data.image_filter import show_only
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.turns import turn

COLOURS = {"high": "red", "medium": "orange", "low": "blue", "unknown": "gray", "ok": "green"}
MEANING = {"high": "serious", "medium": "moderate", "low": "minor", "unknown": "cannot tell", "ok": "fine"}
AT_ONCE = 100_000  # beyond that an audit takes a minute, so it starts at a click
MOST_LISTED = 2000
PATIENCE = 0.1  # seconds before progress is worth a bar
LONG = 2.0  # seconds after which the rest is work for the line


def audit(dataset: Dataset) -> list[Finding]:
    """Run the checks one after another, saying which; each is kept, so a click in between loses nothing."""
    status, began = st.empty(), time.monotonic()
    findings = []
    with ExitStack() as line:
        for number, check in enumerate(CHECKS):
            if time.monotonic() - began > LONG:
                line.enter_context(turn("audit", status))
            if time.monotonic() - began > PATIENCE:
                status.progress(number / len(CHECKS), text=f"Checking: {check.id.replace('_', ' ')} ({number + 1} of {len(CHECKS)})")
            findings.append(chosen_finding(check.id, dataset))
    status.empty()
    return worst_first(findings)


def audit_list(findings: list[Finding]) -> None:
    """Findings as cards; those without anything wrong behind a fold; the tables as CSV."""
    quiet = [finding for finding in findings if _is_quiet(finding)]
    for finding in findings:
        if finding not in quiet:
            _card(finding)
    if quiet:
        title = f"{counted(len(quiet), 'more check')} that found nothing or could not tell"
        with st.expander(title, key="data_quiet", on_change="rerun", bind="query-params") as fold:
            for finding in quiet if fold.open else ():
                _card(finding)
    _downloads(findings)


def _is_quiet(finding: Finding) -> bool:
    """Nothing found and nothing to say; a finding whose switch makes it one way good and another bad stays in sight."""
    switched = finding.id == "patients_across_splits"
    return finding.severity in ("ok", "unknown") and not (finding.evidence and (switched or finding.severity == "unknown"))


def headline(findings: list[Finding]) -> str:
    """``3 serious and 2 moderate problems``, the worst in words."""
    serious = [finding for finding in findings if finding.severity == "high"]
    moderate = [finding for finding in findings if finding.severity == "medium"]
    lost = [finding for finding in findings if finding.severity == "unknown" and finding.evidence]
    counts = [f"**{len(part)}** {word}" for part, word in ((serious, "serious"), (moderate, "moderate")) if part]
    noun = "problem" if len(moderate or serious) == 1 else "problems"
    found = f"The audit below found {' and '.join(counts)} {noun}. " if counts else "The audit below found no serious or moderate problem. "
    worst = f"The most serious: {plain((serious + moderate)[0].title)}. " if counts else ""
    return found + worst + (plain(lost[0].evidence) if lost else "")


def announcement(dataset: Dataset) -> str:
    """What stands in the place of the headline until there is one."""
    return (
        "The audit follows below."
        if len(dataset.samples) <= AT_ONCE
        else "The audit below has not run yet: click “Run the audit” to start it."
    )


def wanted(dataset: Dataset) -> bool:
    """Whether to audit now: at once, or at a press where there are very many images."""
    if len(dataset.samples) <= AT_ONCE:
        return True
    key = f"audit_{dataset.fingerprint}"
    if not st.session_state.get(key):
        st.info(f"An audit of {len(dataset.samples):,} images takes about a minute.")
        st.session_state[key] = st.button("Run the audit", icon=":material/fact_check:", key="data_audit_run")
    return st.session_state[key]


def _card(finding: Finding) -> None:
    with st.container(border=True):
        st.markdown(f":{COLOURS[finding.severity]}-badge[{MEANING[finding.severity]}] **{plain(finding.title)}**")
        if finding.id == "patients_across_splits" and finding.value is not None:
            _reading()
        st.markdown(f"{plain(finding.effect)} :gray[n\u00a0=\u00a0{finding.n_samples:,}\u00a0images]")
        if finding.action:
            st.markdown(f"**What to do:** {plain(finding.action)}")
        if finding.evidence:
            st.caption(plain(finding.evidence))
        if finding.id == "look_gives_class":
            st.markdown("[See the groups and their films above](#hidden-groups)")
        if finding.images:
            _images(finding)


def _images(finding: Finding) -> None:
    """The list of images, and the way to see them."""
    with st.container(horizontal=True):
        with st.popover(_listed_title(finding), type="tertiary", key=f"list_{finding.id}", on_change="rerun") as fold:
            if fold.open:
                _listed(finding)
        if finding.id in NAMING:
            key = f"show_{finding.id}"
            st.button("Show them above", icon=":material/visibility:", key=key, type="tertiary", on_click=_show, args=(finding.id,))
    if finding.id in NAMING and st.session_state.get("data_finding") == NAMING[finding.id]:
        st.markdown(f"The page is filtered by this finding: [see {counted(len(finding.images), 'image')} above](#images)")


def _listed_title(finding: Finding) -> str:
    """``12 images concerned``; files that cannot be used are listed by folder where a whole one is left out, so they are not counted."""
    return "Files and reasons" if finding.id == "unreadable" else f"{counted(len(finding.images), 'image')} concerned"


def _listed(finding: Finding) -> None:
    st.dataframe(finding.table.head(MOST_LISTED), hide_index=True, height=300, alt="Images concerned by the finding")
    csv = as_csv(finding.table)
    st.download_button("Download them (CSV)", csv, f"{finding.id}.csv", "text/csv", icon=":material/download:", on_click="ignore")


def _reading() -> None:
    """The switch between ways of reading a patient out of a file name."""
    by_title = {reading.title: reading for reading in READINGS}
    preset("data_patients", by_title, READINGS[0].title, {reading.key: reading.title for reading in READINGS})
    chosen = st.segmented_control(
        "How to tell patients by file name",
        by_title,
        key="data_patients",
        required=True,
        wrap=True,
        bind="query-params",
        on_change=st.rerun,
    )
    st.caption(plain(by_title[chosen].explanation))


def _show(check: str) -> None:
    """Filter the page by a finding; all of it is redrawn, though the button stands in a fragment."""
    show_only(data_finding=NAMING[check])
    st.rerun()


def _downloads(findings: list[Finding]) -> None:
    columns = ["id", "severity", "title", "value", "n_samples", "effect", "action", "evidence"]
    table = pd.DataFrame([{name: getattr(finding, name) for name in columns} | {"n_images": len(finding.images)} for finding in findings])
    with st.container(horizontal=True):
        csv = as_csv(table)
        st.download_button("Findings (CSV)", csv, "audit.csv", "text/csv", icon=":material/download:", on_click="ignore")
        if any(finding.images for finding in findings):
            st.download_button(
                "Images concerned (CSV)", lambda: as_csv(images_concerned(findings)), "audit-images.csv", "text/csv",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
