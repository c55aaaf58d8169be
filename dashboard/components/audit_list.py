"""What the audit of a data set found, worst first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.audit import Finding, audit_dataset
from core.datasets import Dataset

COLOURS = {"high": "red", "medium": "orange", "low": "blue", "unknown": "gray", "ok": "green"}
MEANING = {"high": "serious", "medium": "mind this", "low": "good to know", "unknown": "cannot tell", "ok": "fine"}


@st.cache_data(max_entries=8, show_spinner="Looking for duplicates, shortcuts and shift …")
def findings_of(fingerprint: str, n_unreadable: int, _dataset: Dataset) -> list[Finding]:
    """The findings for a data set, computed once for each content."""
    return audit_dataset(_dataset)


def audit_list(dataset: Dataset) -> None:
    """Findings as cards; those without anything wrong behind a fold; the table as CSV."""
    findings = findings_of(dataset.fingerprint, len(dataset.unreadable), dataset)
    quiet = [finding for finding in findings if finding.severity in ("ok", "unknown")]
    for finding in findings:
        if finding not in quiet:
            _card(finding)
    if quiet:
        with st.expander(f"{len(quiet)} more checks, nothing found or nothing to tell from"):
            for finding in quiet:
                _card(finding)
    table = pd.DataFrame([finding.to_json() for finding in findings])
    st.download_button("Download the findings (CSV)", table.to_csv(index=False), "audit.csv", "text/csv", icon=":material/download:")


def _card(finding: Finding) -> None:
    with st.container(border=True):
        st.markdown(f":{COLOURS[finding.severity]}-badge[{MEANING[finding.severity]}] **{finding.title}**")
        st.markdown(f"{finding.explanation} :gray[n\u00a0=\u00a0{finding.n_samples:,}\u00a0images]")
        if finding.sample_ids:
            with st.popover(f"{len(finding.sample_ids):,} images concerned", type="tertiary"):
                st.dataframe(pd.DataFrame({"Image": finding.sample_ids}), hide_index=True, height=260)
