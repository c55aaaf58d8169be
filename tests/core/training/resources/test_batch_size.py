"""A batch against the data and the machine, before any work."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.machine import free_space as room
from core.machine.devices import Device
from core.training.plan import plan
from core.training.resources import batch_size
from core.training.resources.batch_size import check_batch

CPU, GPU = Device("cpu", "a CPU"), Device("gpu", "a GPU")


@pytest.fixture
def free(monkeypatch):
    """``free(n_bytes)``: so much memory is free."""

    def set_free(n_bytes):
        for module in (room, batch_size):
            monkeypatch.setattr(module, "free_memory", lambda: n_bytes)

    return set_free


def config(n):
    return plan("three_conv_cnn", settings={"batch_size": str(n)})


def test_a_batch_larger_than_an_epoch_takes_the_memory_of_the_epoch_and_is_said(free):
    free(2e9)
    said = check_batch(config(4096), 32, CPU, "float32")
    assert said == "The batch size of 4,096 is more than the 32 images of an epoch: each epoch is one step of 32 images."


def test_a_batch_that_fits_needs_no_word(free):
    free(2e9)
    assert check_batch(config(32), 32, CPU, "float32") == ""


def test_a_step_that_does_not_fit_is_refused_with_the_batch_that_does(free):
    free(4e9)
    with pytest.raises(InputError, match=r"A training step of 2,048 224-pixel images .* needs about 43.6 GB .* 4.0 GB are free") as refused:
        check_batch(config(2048), 5000, CPU, "float32")
    largest = int(str(refused.value).partition("batch_size to ")[2].split()[0])
    assert 100 < largest < 250 and check_batch(config(largest), 5000, CPU, "float32") == ""
    with pytest.raises(InputError):
        check_batch(config(largest + 1), 5000, CPU, "float32")
    assert check_batch(config(largest + 1), 5000, CPU, "mixed_bfloat16") == "", "half as many bytes"


def test_a_network_that_does_not_fit_at_all_is_refused_without_a_number(free):
    free(1e6)
    with pytest.raises(InputError, match="free some, or choose a smaller system"):
        check_batch(config(1), 5000, CPU, "float32")


def test_the_memory_of_a_gpu_is_its_own(free):
    free(0)
    assert check_batch(config(2048), 5000, GPU, "float32") == ""
