"""Downloads against a server on loopback that imitates Zenodo's files and the endpoints kagglehub calls."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from kagglesdk import kaggle_env

from core.datasets.downloads import fetch
from core.errors import InputError

CONTENT = np.random.default_rng(0).bytes(300_000)


@dataclass
class Server:
    """What to serve, how to misbehave, and what was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    break_after: int | None = None
    ranges: bool = True
    checksum: bool = True
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def downloads(self) -> list[str | None]:
        """The Range header of each request for a file."""
        return [wanted for path, wanted in self.requests if path in self.files]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        state, wanted = self.server.state, self.headers.get("Range")
        state.requests.append((self.path, wanted))
        if self.path not in state.files:
            return self.answer(404, b"")
        content = state.files[self.path]
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted and state.ranges else 0
        if start and start >= len(content):
            return self.answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
        headers = {"Accept-Ranges": "bytes"} if state.ranges else {}
        if state.checksum:
            headers["x-goog-hash"] = "md5=" + base64.b64encode(hashlib.md5(content).digest()).decode()
        self.answer(206 if start else 200, content[start:], headers, state.break_after)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.state.requests.append((self.path, None))
        if self.path.endswith("/GetDataset"):
            return self.answer(200, json.dumps({"currentVersionNumber": 2}).encode(), {"Content-Type": "application/json"})
        self.answer(302, b"", {"Location": f"{self.server.state.url}/archive.zip"})

    def answer(self, status, body, headers=None, break_after=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:break_after])

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.state, state.url = state, f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def zenodo(server, monkeypatch):
    server.files = {"/pneumoniamnist_64.npz": CONTENT, "/pneumoniamnist.npz": CONTENT[:1000]}
    monkeypatch.setattr(fetch, "ZENODO_FILES", server.url)
    digests = {28: hashlib.md5(CONTENT[:1000]).hexdigest(), 64: hashlib.md5(CONTENT).hexdigest()}
    monkeypatch.setattr(fetch, "PNEUMONIAMNIST_MD5", digests)
    return server


def chest_archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for k, folder in enumerate(("train/NORMAL", "test/PNEUMONIA", "chest_xray/train/NORMAL")):
            archive.writestr(f"chest_xray/{folder}/IM-{k:04d}-0001.jpeg", bytes([k]) + 3 * CONTENT)
    return buffer.getvalue()


@pytest.fixture
def kaggle(server, monkeypatch, tmp_path):
    server.files = {"/archive.zip": chest_archive()}
    monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD, server.url)
    for name in [name for name in os.environ if name.startswith("KAGGLE")]:
        monkeypatch.delenv(name)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return server


def test_published_checksums_and_address_are_those_of_medmnist():
    """The package that publishes PneumoniaMNIST lists 28209eda… for 28 and d6a3c71d… for 224 pixels."""
    assert fetch.PNEUMONIAMNIST_MD5[28] == "28209eda62fecd6e6a2d98b1501bb15f"
    assert fetch.PNEUMONIAMNIST_MD5[224] == "d6a3c71de1b945ea11211b03746c1fe1"
    assert fetch.ZENODO_FILES == "https://zenodo.org/records/10519652/files"
    assert fetch.KAGGLE_PAGE == "https://www.kaggle.com/datasets/paultimothymooney/chest-xray-pneumonia"


@pytest.mark.parametrize(("size", "name", "n_bytes"), [(28, "pneumoniamnist.npz", 1000), (64, "pneumoniamnist_64.npz", 300_000)])
def test_pneumoniamnist_arrives_whole_with_progress_on_standard_error(zenodo, tmp_path, capsys, size, name, n_bytes):
    path = fetch.fetch_pneumoniamnist(tmp_path / "new" / "folder", size)
    assert path == tmp_path / "new" / "folder" / name
    assert path.read_bytes() == CONTENT[:n_bytes]
    assert [p.name for p in path.parent.iterdir()] == [name]
    out, err = capsys.readouterr()
    assert out == "" and name in err and "100%" in err


def test_pneumoniamnist_continues_where_it_broke_off(zenodo, tmp_path):
    zenodo.break_after = 100_000
    with pytest.raises(InputError, match=r"the connection broke off\); start it again to continue"):
        fetch.fetch_pneumoniamnist(tmp_path, 64)
    part = tmp_path / "pneumoniamnist_64.npz.part"
    arrived = part.stat().st_size
    assert 0 < arrived <= 100_000 and part.read_bytes() == CONTENT[:arrived]
    zenodo.break_after = None
    assert fetch.fetch_pneumoniamnist(tmp_path, 64).read_bytes() == CONTENT
    assert zenodo.downloads() == [None, f"bytes={arrived}-"]
    assert not part.exists()


def test_pneumoniamnist_starts_over_where_the_server_knows_no_ranges(zenodo, tmp_path):
    (tmp_path / "pneumoniamnist_64.npz.part").write_bytes(CONTENT[:70_000])
    zenodo.ranges = False
    assert fetch.fetch_pneumoniamnist(tmp_path, 64).read_bytes() == CONTENT
    assert zenodo.downloads() == ["bytes=70000-"]


def test_pneumoniamnist_takes_a_part_that_was_already_whole(zenodo, tmp_path):
    (tmp_path / "pneumoniamnist_64.npz.part").write_bytes(CONTENT)
    assert fetch.fetch_pneumoniamnist(tmp_path, 64).read_bytes() == CONTENT


def test_a_wrong_checksum_is_told_and_removed_and_the_next_attempt_starts_clean(zenodo, tmp_path):
    (tmp_path / "pneumoniamnist_64.npz.part").write_bytes(b"x" * 500)
    with pytest.raises(InputError, match=r"does not have the published MD5 .*partial file was removed"):
        fetch.fetch_pneumoniamnist(tmp_path, 64)
    assert list(tmp_path.iterdir()) == []
    assert fetch.fetch_pneumoniamnist(tmp_path, 64).read_bytes() == CONTENT


def test_pneumoniamnist_is_not_downloaded_twice(zenodo, tmp_path):
    fetch.fetch_pneumoniamnist(tmp_path, 64)
    fetch.fetch_pneumoniamnist(tmp_path, 64)
    assert zenodo.downloads() == [None]


def test_without_a_network_the_address_and_the_place_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "ZENODO_FILES", "http://127.0.0.1:9/files")
    with pytest.raises(InputError) as caught:
        fetch.fetch_pneumoniamnist(tmp_path, 128)
    message = str(caught.value)
    assert "http://127.0.0.1:9/files/pneumoniamnist_128.npz" in message and "no connection" in message
    assert f"by hand and place it at {tmp_path / 'pneumoniamnist_128.npz'}" in message


def test_a_missing_file_is_told_with_its_status(zenodo, tmp_path):
    zenodo.files = {}
    with pytest.raises(InputError, match="HTTP 404"):
        fetch.fetch_pneumoniamnist(tmp_path, 64)


def test_an_unknown_size_and_a_file_as_folder_are_refused(zenodo, tmp_path):
    with pytest.raises(InputError, match="no size 32"):
        fetch.fetch_pneumoniamnist(tmp_path, 32)
    (tmp_path / "file").write_text("mine")
    for fetcher in (fetch.fetch_pneumoniamnist, fetch.fetch_kaggle):
        with pytest.raises(InputError, match="cannot be made"):
            fetcher(tmp_path / "file")
    assert zenodo.requests == []


def test_kaggle_archive_is_unpacked_in_dest_without_an_account(kaggle, tmp_path, capsys):
    dest = fetch.fetch_kaggle(tmp_path / "data")
    assert dest == tmp_path / "data"
    assert [p.name for p in dest.iterdir()] == ["chest_xray"]
    assert (dest / "chest_xray/train/NORMAL/IM-0000-0001.jpeg").read_bytes() == b"\0" + 3 * CONTENT
    assert len(list(dest.rglob("*.jpeg"))) == 3
    out, err = capsys.readouterr()
    assert out == "" and "100%" in err
    assert [path for path, _ in kaggle.requests] == [
        "/v1/datasets.DatasetApiService/GetDataset",
        "/v1/datasets.DatasetApiService/DownloadDataset",
        "/archive.zip",
    ]
    assert not (tmp_path / "home/.cache").exists() and "KAGGLEHUB_CACHE" not in os.environ


def test_kaggle_continues_where_it_broke_off(kaggle, tmp_path):
    kaggle.break_after = 1_500_000  # kagglehub stores whole pieces of 1 MiB
    with pytest.raises(InputError, match=r"chest-xray-pneumonia could not be downloaded .*unzip it in"):
        fetch.fetch_kaggle(tmp_path / "data")
    kaggle.break_after = None
    dest = fetch.fetch_kaggle(tmp_path / "data")
    assert len(list(dest.rglob("*.jpeg"))) == 3
    assert "bytes=1048576-" in kaggle.downloads()
    assert [p.name for p in dest.iterdir()] == ["chest_xray"]


def test_kaggle_is_not_asked_again_when_dest_holds_the_data(kaggle, tmp_path):
    (tmp_path / "data/chest_xray/train").mkdir(parents=True)
    assert fetch.fetch_kaggle(tmp_path / "data") == tmp_path / "data"
    assert kaggle.requests == []


@pytest.mark.long
@pytest.mark.parametrize("checksum", [True, False])
def test_a_broken_kaggle_archive_is_told_and_removed(kaggle, tmp_path, checksum):
    kaggle.checksum = checksum
    good, broken = kaggle.files["/archive.zip"], b"not an archive" * 1000
    kaggle.files["/archive.zip"] = broken if not checksum else good
    cache = tmp_path / "data/.kagglehub/datasets/paultimothymooney/chest-xray-pneumonia"
    cache.mkdir(parents=True)
    (cache / "2.archive").write_bytes(b"y" * 100)
    with pytest.raises(InputError, match=r"not the whole archive .* was removed"):
        fetch.fetch_kaggle(tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []
    kaggle.files["/archive.zip"] = good
    assert len(list(fetch.fetch_kaggle(tmp_path / "data").rglob("*.jpeg"))) == 3


def test_without_a_network_kaggles_page_is_named(kaggle, monkeypatch, tmp_path):
    monkeypatch.setitem(kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD, "http://127.0.0.1:9")
    with pytest.raises(InputError, match=f"{fetch.KAGGLE_PAGE} could not be downloaded .no connection.*by hand") as caught:
        fetch.fetch_kaggle(tmp_path / "data")
    assert str(tmp_path / "data") in str(caught.value)
