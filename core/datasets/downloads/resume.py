"""Downloads that continue where they stopped, and what to say when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from core.errors import InputError

if TYPE_CHECKING:
    import requests

TIMEOUT = (10, 30)  # seconds to connect, seconds between bytes
CHUNK = 2**16


class ResumingDownloader:
    """A downloader for pooch that asks the server only for what has not arrived yet (range requests, RFC 9110, section 14).

    A server that ignores the range starts over. Whether the pieces fit is for the caller's checksum to say: pooch
    compares it and deletes the file if it is wrong.

    Parameters
    ----------
    part : Path
        Where the partial file stays between attempts.
    """

    def __init__(self, part: Path) -> None:
        self.part = part

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        """Download `url` to `output_file`, with progress on standard error; raises `requests.RequestException`."""
        import requests

        here = self.part.stat().st_size if self.part.exists() else 0
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            # "Range not satisfiable" after a full part: nothing is left to download.
            if not (here and response.status_code == requests.codes.requested_range_not_satisfiable):
                response.raise_for_status()
                self._write(response, here if response.status_code == requests.codes.partial_content else 0)
        self.part.replace(output_file)

    def _write(self, response: requests.Response, here: int) -> None:
        total = here + int(response.headers.get("Content-Length", 0)) or None
        bar = tqdm(total=total, initial=here, unit="B", unit_scale=True, desc=self.part.stem)
        with bar, self.part.open("ab" if here else "wb") as file:
            for chunk in response.iter_content(CHUNK):
                file.write(chunk)
                bar.update(len(chunk))


@contextmanager
def explained(url: str, by_hand: str) -> Iterator[None]:
    """Turn failures of network and disk into an `InputError`; `by_hand` goes on its sentence after a comma."""
    import requests

    try:
        yield
    except requests.RequestException as error:
        raise InputError(
            f"{url} could not be downloaded ({reason(error)}); start it again to continue where it stopped, {by_hand}."
        ) from None
    except OSError as error:
        raise InputError(f"The download could not be stored ({reason(error)}); free disk space or name another folder.") from None


def reason(error: Exception) -> str:
    """Why a request or a file operation failed, in a few words."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP {error.response.status_code} {error.response.reason}".strip()
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke off"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return getattr(error, "strerror", None) or " ".join(str(error).split())[:120] or type(error).__name__
