"""Drawing and downloading in processes of their own, against a server on loopback that sends slowly."""

from __future__ import annotations

import hashlib
import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from core.datasets import open_dataset
from core.errors import InputError
from dashboard import acquisition
from dashboard.acquisition import CANCELLED, FAILED, FINISHED, RUNNING, SOURCES
from dashboard.acquisition.log import progress_in

PHANTOMS, MNIST = SOURCES["phantoms"], SOURCES["pneumoniamnist"]
PATIENCE = 120  # seconds; a busy machine is no failure


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def wait_until(true) -> None:
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


def ended(source):
    """The attempt once its process is gone."""
    wait_until(lambda: acquisition.current(source).state != RUNNING)
    return acquisition.current(source)


def mnist_file() -> bytes:
    """A file in the manner of PneumoniaMNIST, of several of the pieces that are written at a time."""
    rng, content = np.random.default_rng(0), {}
    for split, n in (("train", 300), ("val", 4), ("test", 4)):
        content[f"{split}_images"] = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        content[f"{split}_labels"] = np.arange(n).reshape(-1, 1) % 2
    buffer = io.BytesIO()
    np.savez(buffer, **content)
    return buffer.getvalue()


@pytest.fixture
def zenodo(monkeypatch):
    """Sends half of the file, and the rest when `go_on` is set; remembers the ranges asked for."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            wanted, content = self.headers.get("Range"), self.server.content
            self.server.ranges.append(wanted)
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[start : len(content) // 2])
            self.wfile.flush()
            self.server.go_on.wait(PATIENCE)
            self.wfile.write(content[max(start, len(content) // 2) :])

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.content, server.ranges, server.go_on = mnist_file(), [], threading.Event()
    server.daemon_threads = server.block_on_close = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    md5 = hashlib.md5(server.content).hexdigest()
    there = f"http://127.0.0.1:{server.server_port}"
    local = f"from core.datasets.downloads import fetch; fetch.ZENODO_FILES = {there!r}; fetch.PNEUMONIAMNIST_MD5 = {{224: {md5!r}}}; "
    monkeypatch.setattr(acquisition, "RUN", local + acquisition.RUN)
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.mark.long
def test_phantoms_are_drawn_once(cache):
    assert acquisition.current(PHANTOMS) is None
    acquisition.start(PHANTOMS)
    acquisition.start(PHANTOMS)  # a second click does nothing
    done = ended(PHANTOMS)
    assert (done.state, done.path) == (FINISHED, str(cache / "data" / "phantoms"))
    assert len(open_dataset(done.path).samples) == 60
    before = (cache / "data" / "phantoms").stat().st_mtime_ns
    acquisition.start(PHANTOMS)  # they are there: nothing is drawn again
    assert acquisition.current(PHANTOMS).state == FINISHED and (cache / "data" / "phantoms").stat().st_mtime_ns == before


def test_a_download_can_be_cancelled_and_continued(zenodo, cache):
    """What is half there has another name, so that nothing takes it for a whole file."""
    part = cache / "data" / "pneumoniamnist" / "pneumoniamnist_224.npz.part"
    acquisition.start(MNIST)
    wait_until(lambda: part.exists() and part.stat().st_size)
    assert acquisition.current(MNIST).state == RUNNING
    acquisition.cancel(MNIST)
    assert ended(MNIST).state == CANCELLED
    arrived = part.stat().st_size
    assert [path.name for path in part.parent.iterdir()] == [part.name]
    zenodo.go_on.set()
    acquisition.start(MNIST)
    done = ended(MNIST)
    assert done.state == FINISHED and done.path == str(part.with_suffix("")) and zenodo.ranges == [None, f"bytes={arrived}-"]
    assert len(open_dataset(done.path).samples) == 308


def test_what_went_wrong_is_one_sentence(zenodo, tmp_path):
    zenodo.server_close()
    acquisition.start(MNIST, str(tmp_path / "mine"))
    failed = ended(MNIST)
    assert failed.state == FAILED and "no connection" in failed.reason and "start it again" in failed.reason
    assert str(tmp_path / "mine") in failed.reason and "command" not in failed.reason
    acquisition.forget(MNIST)
    assert acquisition.current(MNIST) is None


def test_a_path_that_is_none_is_refused_before_anything_starts():
    with pytest.raises(InputError, match="null character"):
        acquisition.start(PHANTOMS, "a\0b")
    assert acquisition.current(PHANTOMS) is None


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", (0.0, "", None)),
        ("drawing:  45%|████▌     | 27/60 [00:01<00:01, 20.1image/s]", (0.45, "27 of 60", 1.0)),
        (" 12%|█  | 276M/2.29G [00:20<1:02:05, 13MB/s]\r 50%|█▌  | 1.15G/2.29G [00:30<00:31, 36MB/s]", (0.5, "1.15 GB of 2.29 GB", 31.0)),
        ("indexing:   0%|          | 0/5856 [00:00<?, ?image/s]", (0.0, "measuring the images, 0 of 5856", None)),
    ],
)
def test_progress_is_read_off_the_bar(log, expected):
    assert progress_in(log) == expected
