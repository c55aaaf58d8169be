"""A patient's film is uploaded, and all pages are visited: no request leaves the host, and nothing of it is left behind."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.datasets.phantom.write import radiograph
from tests.core.images.encoders import dicom
from tests.e2e.watching import foreign_elements, watch

pytestmark = [pytest.mark.browser, pytest.mark.long]
NAME = "quillfeather-thorax.dcm"
TAGS = {
    "PatientName": "Quillfeather^Zebediah", "PatientID": "PID7712093", "PatientBirthDate": "20220304", "PatientAge": "004Y",
    "InstitutionName": "Umberslade Infirmary", "ReferringPhysicianName": "Ottoline^Vane", "AccessionNumber": "ACC5519021",
    "StudyDate": "20260218", "ViewPosition": "AP", "BodyPartExamined": "CHEST",
}  # fmt: skip
PERSONAL = ("Quillfeather", "Zebediah", "PID7712093", "20220304", "Umberslade", "Ottoline", "ACC5519021", "20260218")
PAGES = {
    "Overview": ".st-key-overview_leaderboard", "Data": ".st-key-data_gallery .tile", "Train": ".st-key-train_start",
    "Compare": ".st-key-compare_confusion table", "Inspect": ".st-key-inspect_overlay .maps-stage",
}  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """A DICOM file that says who the patient is."""
    path = tmp_path_factory.mktemp("film") / NAME
    words = radiograph(np.random.default_rng(5), "bacterial", 300).image.astype(np.uint16) * 16
    path.write_bytes(dicom(words, stored=12, **TAGS))
    return path


def rest(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def words_in(content: bytes) -> list[str]:
    small = content.lower()
    return [word for word in (*PERSONAL, Path(NAME).stem) if word.lower().encode() in small]


def left_behind(folder: Path, pixels: bytes) -> list[str]:
    """Files that hold a personal word, or the film's own pixels."""
    found = {}
    for path in (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        content = path.read_bytes()
        found[path] = words_in(content) + words_in(path.name.encode()) + ["its pixels"] * (pixels in content)
    return [f"{path}: {said}" for path, said in found.items() if said]


def test_nothing_of_an_upload_leaves_the_host_or_stays(page: Page, places, film: Path):
    watched = watch(page)
    page.goto("/inspect")
    page.locator(".st-key-inspect_upload input[type=file]").set_input_files(film)
    expect(page.locator(".st-key-inspect_overlay")).to_contain_text("Your image, ")
    kept = []
    for title, whole in PAGES.items():
        page.get_by_role("link", name=title, exact=True).first.click()
        expect(page.locator(whole).first).to_be_visible()
        rest(page)
        assert foreign_elements(page, "no.other.example") == []
        assert not words_in(unquote(page.url).encode())
        if title == "Compare":
            with page.expect_download() as download:
                page.get_by_role("button", name="Report (HTML)").click()
            kept.append(download.value.path().read_bytes())
    expect(page.locator(".st-key-inspect_in_use")).to_contain_text(NAME)  # it is still there for its owner

    assert watched.hosts() == {urlsplit(page.url).netloc}
    assert not [address for address in watched.addresses if words_in(unquote(address).encode())]
    assert not [words for said in watched.received if (words := set(words_in(said)) & set(PERSONAL) - {"Quillfeather"})], "of its header"
    assert not [said for said in watched.received if b"Quillfeather" in said], "the name of the file is its owner's, in small letters"
    pixels = film.read_bytes()[-40_000:-39_900]
    assert words_in(film.read_bytes()) and pixels in film.read_bytes()
    for folder in (Path(os.environ["PNEUMOLENS_CACHE"]), places.models, places.temporary, places.log.parent):
        assert left_behind(folder, pixels) == []
    assert places.log.exists()

    report = page.context.new_page()
    asked = watch(report)
    report.set_content(kept[0].decode())
    expect(report.get_by_text(re.compile("not a medical device", re.IGNORECASE)).first).to_be_attached()
    assert foreign_elements(report, "no.other.example") == [] and asked.hosts() == set()
    assert not words_in(kept[0])
