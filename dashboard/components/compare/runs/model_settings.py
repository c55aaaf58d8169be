"""How an uploaded model was trained to take pictures and to order its classes: asked, beside what a few images show of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets import Dataset
from core.errors import InputError
from core.external import Reference
from dashboard import state
from dashboard.components.control_names import on_page
from dashboard.components.markdown import plain

SCALES = {
    "0 to 255, as stored": "0-255",
    "0 to 1": "0-1",
    "−1 to 1 (tf)": "-1-1",
    "means subtracted, blue first (caffe: VGG, ResNet50)": "caffe",
    "standardised as ImageNet (torch: DenseNet)": "torch",
}
FITS = {"squashed to its square": "squash", "padded to a square": "pad"}
OUTPUTS = {
    "probabilities, or as its training loss says": "auto",
    "logits, without a softmax or sigmoid": "logits",
    "probabilities, whatever its last layer is": "probabilities",
}
FIRST = "in the data set's order"
COLUMNS = {
    "scale": "Scale", "roc_auc": "AUC", "accuracy": "Right at 0.5", "low": "Lowest score", "median": "Middle", "high": "Highest",
}  # fmt: skip
LEARNT = "Tried on {n} training images: the right scale tells them apart best. Test images are left out on purpose."
UNLABELLED = "Tried on {n} test images without their labels: a scale that gives all of them the same score is hardly the right one."


def ask_settings(uploaded: UploadedFile) -> dict | None:
    """Select boxes for what a model's file does not tell, and a table of its scores of a few images on every scale.

    Returns
    -------
    dict or None
        ``scale, resize, classes, outputs, side``, as `core.external.import_model` takes them; None, with the reason on the page, if the
        model cannot be used so.
    """
    dataset = state.dataset()
    scale = st.selectbox("It takes intensities from", list(SCALES), key="compare_upload_scale")
    fit = st.selectbox("Pictures are", list(FITS), key="compare_upload_fit")
    orders = _orders(dataset)
    order = st.selectbox("Its outputs are", list(orders), key="compare_upload_order")
    outputs = st.selectbox("Its scores are", list(OUTPUTS), key="compare_upload_outputs")
    side = st.number_input("Side of its pictures, if it takes any size", 8, 4096, None, key="compare_upload_side", placeholder="224")
    settings = {"resize": FITS[fit], "classes": orders[order], "outputs": OUTPUTS[outputs], "side": side}
    return settings | {"scale": SCALES[scale]} if _show_trial(uploaded, dataset, settings) else None


@contextmanager
def saved(uploaded: UploadedFile) -> Iterator[Path]:
    """The upload as a file of its own name, as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(uploaded.name).name
        path.write_bytes(uploaded.getbuffer())
        yield path


def _orders(dataset: Dataset) -> dict[str, tuple[str, ...] | None]:
    """Every order of the classes, the data set's own first; that of three follows that of two."""
    schemes = [scheme for scheme in Reference.of_dataset(dataset).schemes if len(scheme) <= 3]
    others = [order for scheme in schemes for order in permutations(scheme) if order != scheme]
    return {FIRST: None} | {", ".join(order): order for order in others}


def _show_trial(uploaded: UploadedFile, dataset: Dataset, settings: dict) -> bool:
    """Its scores of a few images on every scale, or why there are none; whether the model can be used."""
    try:
        rows, notes = _tried(uploaded.file_id, dataset.digest, tuple(settings.items()), uploaded, dataset)
    except InputError as error:
        st.error(plain(on_page(str(error))), icon=":material/block:")
        return False
    st.caption((LEARNT if rows[0]["split"] != "test" else UNLABELLED).format(n=rows[0]["n_images"]))
    table = pd.DataFrame(rows)[list(COLUMNS)].dropna(axis="columns", how="all").rename(columns=COLUMNS)
    st.dataframe(table, hide_index=True, key="compare_upload_scales")
    st.caption(" ".join(plain(on_page(note)) for note in notes))
    return True


@st.cache_data(max_entries=20, show_spinner="Trying the model on a few images …", scope="session")
def _tried(file_id: str, digest: str, settings: tuple, _uploaded: UploadedFile, _dataset: Dataset) -> tuple[list[dict], tuple[str, ...]]:
    from core.external import look_at_model  # brings Keras with it

    with saved(_uploaded) as path:
        return look_at_model(path, _dataset, **dict(settings))
