"""What a DICOM header says of age and view: two yes or no, and never a value."""

import io

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from core.images.dicom.header import Stated, stated

pytestmark = pytest.mark.filterwarnings("ignore")


def header(**tags) -> bytes:
    """A DICOM file without pixels."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.PatientName = "Doe^Jane-Secret"
    for name, value in tags.items():
        setattr(data, name, value)
    buffer = io.BytesIO()
    data.SOPClassUID, data.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("age", "is_child"),
    [
        ("001Y", True), ("005Y", True), ("006Y", False), ("067Y", False), ("000Y", False),
        ("011M", False), ("012M", True), ("071M", True), ("072M", False),
        ("020W", False), ("100W", True), ("010D", False), ("", None), ("old", None), ("Y", None),
    ],
)  # fmt: skip
def test_children_of_1_to_5_years_are_told_from_others(age, is_child):
    assert stated(header(PatientAge=age)).aged_1_to_5 is is_child


@pytest.mark.parametrize(
    ("view", "is_frontal"),
    [("PA", True), ("AP", True), ("AP SUPINE", True), ("LL", False), ("RL", False), ("LATERAL", False), ("LLD", False), ("", None)],
)
def test_frontal_views_are_told_from_others(view, is_frontal):
    assert stated(header(ViewPosition=view)).frontal is is_frontal


def test_other_files_and_broken_headers_state_nothing():
    assert stated(b"\x89PNG\r\n\x1a\n" + b"0" * 200) == Stated()
    assert stated(b"\0" * 128 + b"DICM" + b"\xff" * 60) == Stated()


def test_nothing_but_yes_and_no_is_kept():
    assert set(vars(stated(header(PatientAge="067Y", ViewPosition="LL"))).values()) == {False}
