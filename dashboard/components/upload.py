"""The images to inspect: a person's own files, kept in memory and for this session only, or a sample."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset, shipped
from core.datasets.names import parse
from core.errors import InputError
from core.images import Header, read_with_header
from dashboard import state
from dashboard.components.address import preset, unknown_values
from dashboard.components.own_files import own_files

UPLOAD, SAMPLE, PHANTOM = "your image", "sample", "synthetic radiograph"
MODES = {"L": "grey", "1": "black and white", "I;16": "grey of 16 bits", "I": "grey of 32 bits", "F": "grey of fractions"}
UPLOAD_TITLE = "Your images: JPEG, PNG, TIFF, BMP, WebP or DICOM; drop, paste or browse"
UPLOAD_HELP = (
    "Frontal chest radiographs, up to 64 MB each. They stay in memory and are forgotten with this session; "
    "of a DICOM file only the pixels are read, never the patient's data. Only what you download is kept."
)

# A pasted picture takes the way of a chosen file.
_paste = st.components.v2.component(
    "pneumolens_paste",
    js="""export default function () {
        const onPaste = (event) => {
            const input = document.querySelector(".st-key-inspect_upload input[type=file]");
            if (!input || !event.clipboardData?.files.length) return;
            const pasted = new DataTransfer();
            for (const file of event.clipboardData.files) pasted.items.add(file);
            input.files = pasted.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        };
        if (window.pneumolensPaste) document.removeEventListener("paste", window.pneumolensPaste);
        window.pneumolensPaste = onPaste;
        document.addEventListener("paste", onPaste);
        return () => document.removeEventListener("paste", onPaste);
    }""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Picture:
    """An image file and where it came from.

    Attributes
    ----------
    content : bytes
    digest : str
        BLAKE2b of the content, 16 hexadecimal digits: what downloads are named after.
    source : str
        `UPLOAD`, `SAMPLE` or `PHANTOM`.
    sample_id : str or None
    truth : str or None
        The class, where a sample's name tells it.
    name : str
        The file's own name, shown to its owner and written nowhere else.
    """

    content: bytes
    digest: str
    source: str
    sample_id: str | None = None
    truth: str | None = None
    name: str = ""


def pick_pictures(upload_key: str, sample_key: str) -> list[Picture]:
    """Uploads or a sample, side by side; uploads win. Empty if there are neither.

    Raises
    ------
    InputError
        If the sample cannot be read.
    """
    left, right = st.columns(2, vertical_alignment="top")
    with left:
        uploaded = own_files(upload_key, UPLOAD_TITLE, UPLOAD_HELP)
    _paste(key="inspect_paste", height=1)
    with right:
        dataset, sample_id = _choose_sample(sample_key)
    if uploaded:
        return [_picture(content, UPLOAD, name=name) for name, content in uploaded]
    return [_sample(dataset, sample_id)] if sample_id else []


def describe(picture: Picture, header: Header) -> str:
    """``Your image, 1,400 × 1,100 pixels, grey.``"""
    truth = f" Labelled {picture.truth}." if picture.truth else ""
    mode = MODES.get(header.mode, header.mode)
    return f"{picture.source.capitalize()}, {header.width:,} × {header.height:,} pixels, {mode}.{truth}"


def changed(picture: Picture, turns: int, invert: bool) -> Picture:
    """The picture after quarter turns to the left, and inverted if asked; itself if neither.

    Raises
    ------
    ImageError
        If it is not a usable image.
    """
    if not turns and not invert:
        return picture
    grey = np.rot90(decode(picture)[0], turns)
    content = _png(255 - grey if invert else grey)
    return replace(picture, content=content, digest=_digest(content))


def decode(picture: Picture) -> tuple[np.ndarray, Header]:
    """The picture as uint8 grey of shape (height, width), read-only, and its header.

    Raises
    ------
    ImageError
        If it is not a usable image.
    """
    return _decode(picture.digest, picture.content)


def _choose_sample(key: str) -> tuple[Dataset | None, str | None]:
    dataset = _dataset_with_pixels()
    options = _dataset_options(dataset, key) if dataset else list(_phantoms())
    for name in unknown_values(key, options):
        st.warning(f"The link names the sample {name!r}, which is not here; set `PNEUMOLENS_DATA` to the folder that holds it.")
    if not options:
        return dataset, None
    preset(key, options, options[0])
    title = f"or a sample of {dataset.title}" if dataset else "or a synthetic radiograph"
    return dataset, st.selectbox(title, options, key=key, bind="query-params")


def _sample(dataset: Dataset | None, sample_id: str) -> Picture:
    if dataset:
        return _picture(_sample_bytes(dataset, sample_id), SAMPLE, sample_id)
    return _picture(_phantoms()[sample_id].read_bytes(), PHANTOM, sample_id)


def _dataset_with_pixels() -> Dataset | None:
    try:
        dataset = state.dataset(st.query_params.get("inspect_data"))  # a sample of a folder that was typed in on the Data page
    except InputError as error:
        st.warning(str(error))
        return None
    return dataset if dataset.has_pixels else None


def _dataset_options(dataset: Dataset, key: str) -> list[str]:
    """The test images, which no model was trained on, and what a link asks for."""
    samples = dataset.samples
    wanted = samples["sample_id"].isin(st.query_params.get_all(key))
    return samples.loc[(samples["split"] == "test") | wanted, "sample_id"].tolist() or samples["sample_id"].tolist()


def _phantoms() -> dict[str, Path]:
    return {path.relative_to(shipped.PHANTOMS).as_posix(): path for path in shipped.phantom_samples()}


def _sample_bytes(dataset: Dataset, sample_id: str) -> bytes:
    """The sample's file as it is; samples of an array become a PNG, which loses nothing."""
    path = Path(dataset.samples.set_index("sample_id").at[sample_id, "path"])
    if path.is_file():
        return path.read_bytes()
    return _png(dataset.read(sample_id))


def _png(grey: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _picture(content: bytes, source: str, sample_id: str | None = None, name: str = "") -> Picture:
    return Picture(content, _digest(content), source, sample_id, _truth(sample_id) if sample_id else None, name)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _truth(sample_id: str) -> str:
    """``PNEUMONIA, viral`` of a sample's folder and name."""
    names = parse([PurePosixPath(sample_id).as_posix()]).iloc[0]
    kind = names["subtype"]
    return names["class_name"] if pd.isna(kind) or kind == names["class_name"] else f"{names['class_name']}, {kind.lower()}"


@st.cache_resource(max_entries=4, show_spinner=False, scope="session")
def _decode(digest: str, _content: bytes) -> tuple[np.ndarray, Header]:
    grey, header = read_with_header(_content)
    grey = np.ascontiguousarray(grey)
    grey.setflags(write=False)  # every run of the page shares it
    return grey, header
