"""A bounded process answers with data and errors, and names nothing that could do something here."""

import os
import pickle
import subprocess

import numpy as np
import pytest

from core.bounded.answers import read_answer
from core.errors import InputError
from core.images.decoding import Header
from core.images.limits import ImageError


class Harm:
    """Pickled as a call of a function."""

    def __init__(self, function, *args):
        self.function, self.args = function, args

    def __reduce__(self):
        return self.function, self.args


@pytest.mark.parametrize("answer", [("done", {"a": 1, "b": [2.5, None, "text"]}), ("done", b"bytes"), ("no memory", None)])
def test_data_are_read(answer):
    assert read_answer(pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)) == answer


@pytest.mark.parametrize(
    "array", [np.arange(6, dtype=np.uint8).reshape(2, 3), np.asfortranarray(np.eye(3)), np.float32(2.5), np.array(["a"])]
)
def test_arrays_are_read(array):
    assert np.array_equal(read_answer(pickle.dumps(array, protocol=pickle.HIGHEST_PROTOCOL)), array)


@pytest.mark.parametrize("error", [InputError("no"), ImageError("no film"), ValueError("x"), KeyError("y")])
def test_errors_are_read(error):
    read = read_answer(pickle.dumps(error))
    assert type(read) is type(error) and str(read) == str(error)


def test_records_of_the_project_are_read():
    header = Header(3, 2, "L", None)
    assert read_answer(pickle.dumps(header)) == header


@pytest.mark.parametrize(
    "harm", [Harm(os.system, "true"), Harm(subprocess.Popen, ["true"]), Harm(eval, "1"), Harm(getattr, "a", "upper"), Harm(np.load, "x")]
)
def test_what_could_do_something_is_refused(harm):
    with pytest.raises(pickle.UnpicklingError, match="may not name"):
        read_answer(pickle.dumps(harm))


def test_a_module_of_the_project_lends_nothing_that_it_imports():
    """``core.bounded.process.subprocess`` and its kind: a name with a dot, or one that another module defined."""
    for name in ("subprocess.Popen", "Connection", "Process", "read_answer"):
        content = b"\x80\x04" + b"\x8c\x14core.bounded.process" + b"\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
        with pytest.raises(pickle.UnpicklingError, match="may not name"):
            read_answer(content)
