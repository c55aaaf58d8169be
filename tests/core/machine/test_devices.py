"""Arithmetic by hardware, and a training shared out over two devices (logical ones of the CPU)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import pytest

from core.machine import devices
from core.machine.devices import Device

PROJECT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("device", "flags", "expected"),
    [
        (Device("gpu", "Hopper", 1, 9.0), set(), ("float32", "mixed_bfloat16")),
        (Device("gpu", "Volta", 1, 7.0), set(), ("float32", "mixed_float16")),
        (Device("gpu", "Pascal", 1, 6.1), set(), ("float32",)),
        (Device("cpu", "Sapphire Rapids"), {"avx512_bf16", "avx2"}, ("float32", "mixed_bfloat16")),
        (Device("cpu", "Cascade Lake"), {"avx512f", "avx512_vnni"}, ("float32",)),
    ],
)
def test_policies_that_the_hardware_knows(device, flags, expected, monkeypatch):
    monkeypatch.setattr(devices, "_cpu_flags", lambda: flags)
    assert devices.native_policies(device) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (SimpleNamespace(platform="gpu", device_kind="Hopper", compute_capability="9.0"), Device("gpu", "Hopper", 1, 9.0)),
        (SimpleNamespace(platform="rocm", device_kind="MI300X", compute_capability="gfx942"), Device("gpu", "MI300X")),
        (SimpleNamespace(platform="METAL", device_kind="Metal"), Device("gpu", "Metal")),
        (SimpleNamespace(platform="cpu", device_kind="cpu"), Device("cpu", "EPYC")),
    ],
)
def test_under_jax_an_accelerator_says_what_it_computes(found, expected, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(devices=lambda: [found]))
    monkeypatch.setattr(devices, "_cpu_name", lambda: "EPYC")
    assert devices.prepare() == expected


def test_this_machine_is_described():
    device = devices.prepare()
    assert device.kind in ("cpu", "gpu") and device.name and device.count >= 1


TWO_DEVICES = """
import sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from core.machine import devices
devices.scope = lambda device: tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()
from core.training.plan import plan
from core.runs.store import create_run
from core.training.train import train
run = create_run(plan("five_block_cnn", settings={"epochs": "2", "batch_size": "8"}), sys.argv[1], sys.argv[2])
assert train(run).state == "finished"
assert run.history["loss"].notna().all() and len(run.predictions)
"""


@pytest.mark.long
def test_two_devices_of_one_host_train_together(phantoms, tmp_path):
    command = [sys.executable, "-c", TWO_DEVICES, str(phantoms), str(tmp_path)]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr[-2000:]
