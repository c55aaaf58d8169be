"""Audit findings, computed once for each content and check, and the images that one of them names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.audit import CHECKS, READINGS, Finding, kept
from core.datasets import Dataset

NAMING = {  # the checks whose images can be looked at
    "exact_duplicates": "Byte-identical images",
    "near_duplicates": "Almost identical images",
    "patients_across_splits": "Patients in train and test",
    "odd_files": "Odd files",
}
BY_ID = {check.id: check for check in CHECKS}


@st.cache_data(max_entries=100, show_spinner=False)
def finding(check: str, digest: str, state: str, _dataset: Dataset) -> Finding:
    """One finding; computed once for each table of samples and of what is left out, and for what else the check looks at."""
    return kept(BY_ID[check], _dataset)


@st.cache_data(max_entries=20, show_spinner=False)
def patients_read(reading: str, digest: str, _dataset: Dataset) -> Finding:
    """Shared patients under one way of reading the file names."""
    return kept(BY_ID["patients_across_splits"], _dataset, reading)


def chosen_finding(check: str, dataset: Dataset) -> Finding:
    """One finding, with the reading of the names that the page's switch says."""
    if check == "patients_across_splits":
        title = st.session_state.get("data_patients")
        reading = next((reading for reading in READINGS if reading.title == title), READINGS[0])
        return patients_read(reading.key, dataset.digest, dataset)
    return finding(check, dataset.digest, BY_ID[check].state(dataset), dataset)


def concerned(dataset: Dataset, check: str) -> np.ndarray:
    """Positions of the samples that a finding names, groups together."""
    names = pd.Index(dataset.samples["sample_id"])
    return names.get_indexer(pd.Index(chosen_finding(check, dataset).sample_ids, dtype=names.dtype))
