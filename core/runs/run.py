"""A run directory: one training and its files. The only module that knows their names."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa

from core.config import RunConfig
from core.errors import InputError
from core.files import replacing, write_json, writing
from core.files.parquet import schema_of
from core.runs.card import Card
from core.runs.history import HISTORY, read_history
from core.runs.liveness import SILENCE_SECONDS, identity, is_alive, now, silence
from core.runs.mending import mended_by
from core.runs.origin import NO_TRAINING, how_again
from core.runs.predictions_table import check_predictions, check_scores
from core.runs.reading import fields_of, json_of, table_of, text_of
from core.runs.status import Status

CONFIG, PREDICTIONS, MODEL, CARD, STATUS = "config.json", "predictions.parquet", "model.keras", "card.json", "status.json"
SPLIT = "split.parquet"
REFERENCE = "reference.npz"  # what the training images look like to the model, for `core.input_checks`
UNLIKENESS = "unlikeness.parquet"  # how unlike those each test image is, for `core.input_checks`
BATTERY = "battery.parquet"
CHECKPOINT = "checkpoint"  # kept until the run is finished: the last model with its optimiser, and where the data lies
LIVE_STATES = ("queued", "running")
DATA = f"{CHECKPOINT}/data.json"
ENDED = "the training process ended without saying why; resume it or look at its log"
NEVER_STARTED = "the training never started; resume it or look at its log"


@dataclass(frozen=True)
class Run:
    """One run directory; its files are read when they are asked for, and once.

    Attributes
    ----------
    path : Path
    """

    path: Path

    @property
    def name(self) -> str:
        """The directory's name."""
        return self.path.name

    @property
    def model_path(self) -> Path:
        """The trained model, which a shipped run may lack if it was too large."""
        return self.path / MODEL

    @property
    def reference_path(self) -> Path:
        """The training images summarised, if that has been done."""
        return self.path / REFERENCE

    @property
    def checkpoint_path(self) -> Path:
        """The last model with its optimiser state, while the run is not finished."""
        return self.path / CHECKPOINT / "last.keras"

    @property
    def log_path(self) -> Path:
        """What the training process printed."""
        return self.path / "training.log"

    @cached_property
    def config(self) -> RunConfig:
        """The configuration; raises InputError if the file is missing or broken."""
        try:
            return RunConfig.from_json(text_of(self.path, CONFIG))
        except InputError as error:
            if CONFIG in str(error):
                raise
            again = mended_by(CONFIG, self.name)
            reason = f"{str(error)[0].lower()}{str(error)[1:]} {again[0].upper()}{again[1:]}"
            raise InputError(f"The run {self.name!r} has a broken {CONFIG}: {reason}") from None

    @property
    def status(self) -> Status:
        """State, progress and heartbeat, read anew each time; a live state whose process is gone becomes ``failed``."""
        status = self._status()
        if status.state == "running" and not is_alive(status):
            return status.model_copy(update={"state": "failed", "reason": ENDED})
        if status.state == "queued" and not status.waiting and silence(status) > SILENCE_SECONDS:
            return status.model_copy(update={"state": "failed", "reason": NEVER_STARTED})
        return status

    def _status(self) -> Status:
        """What the file says; where it is broken, what scores without a checkpoint, or a checkpoint, show."""
        try:
            return fields_of(self.path, STATUS, Status)
        except InputError as unreadable:
            error = unreadable
        if (self.path / PREDICTIONS).exists() and not (self.path / CHECKPOINT).exists():
            return Status(state="finished", reason=f"its {STATUS} is broken, and its scores show that it had ended")
        if self.checkpoint_path.exists():
            return Status(state="failed", reason=f"its {STATUS} is broken; resume it from its last epoch")
        raise error

    @property
    def state(self) -> str:
        """``queued``, ``running``, ``stopped``, ``failed`` or ``finished``."""
        return self.status.state

    @property
    def history(self) -> pd.DataFrame:
        """One row per finished epoch, read anew each time; empty before the first."""
        return read_history(self.path)

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """Scores of validation and test images: ``sample_id, split, y_true, p_<class>…``; raises InputError if unusable."""
        return check_predictions(self._table(PREDICTIONS), self.config.class_names, f"the run {self.name!r}")

    @cached_property
    def split(self) -> pd.DataFrame:
        """``sample_id, split`` of every image that the run saw, and what the data set states of it: see `facts`."""
        return self._table(SPLIT, ("sample_id", "split"))

    @cached_property
    def facts(self) -> pd.DataFrame | None:
        """``sample_id, patient_id, subtype`` and any other columns of every image; None for a run that stored none."""
        try:
            known = set(schema_of(self.path / SPLIT).names)  # the table itself costs milliseconds for each of many runs
        except (OSError, ValueError, pa.ArrowException):
            return None
        return self.split.drop(columns="split") if {"patient_id", "subtype"} <= known else None

    @cached_property
    def battery(self) -> pd.DataFrame | None:
        """Scores of validation images with clues removed: ``sample_id, variant, y_true, p_<class>…``; None if never made."""
        if not (self.path / BATTERY).exists():
            return None
        names = ("sample_id", "variant", "y_true", *(f"p_{name}" for name in self.config.class_names))
        return check_scores(self._table(BATTERY, names), self.config.class_names, f"The battery scores of the run {self.name!r}")

    @cached_property
    def card(self) -> Card:
        """Parameters, time, memory and thresholds; nothing before the run is scored; raises InputError if the file is broken."""
        return fields_of(self.path, CARD, Card) if (self.path / CARD).exists() else Card()

    @property
    def data_path(self) -> str | None:
        """Where the data lay when the run started; None once it is finished."""
        return json_of(self.path, DATA).get("data") if (self.path / DATA).exists() else None

    def write_config(self, config: RunConfig) -> None:
        """Write ``config.json``."""
        write_json(self.path / CONFIG, config.model_dump(mode="json"))
        self.__dict__.pop("config", None)

    def write_status(self, state: str, **fields: object) -> None:
        """Write ``status.json`` with a heartbeat of now."""
        process = identity() if state == "running" else {}
        write_json(self.path / STATUS, {"state": state, "heartbeat": now()} | process | fields)

    def write_card(self, fields: Mapping[str, object]) -> None:
        """Write ``card.json``: the fields of `Card`."""
        write_json(self.path / CARD, dict(fields))
        self.__dict__.pop("card", None)

    def write_split(self, sample_ids: pd.Series, split: pd.Series, facts: pd.DataFrame | None = None) -> None:
        """Record by sample id which image was in which split, and what is known of it.

        Parameters
        ----------
        sample_ids, split : Series of shape (n_samples,), str
        facts : DataFrame, optional
            ``sample_id, patient_id, subtype`` and any other columns, such as a hospital, one row an image.
        """
        table = pd.DataFrame({"sample_id": sample_ids.to_numpy(), "split": split.to_numpy()})
        if facts is not None:
            table = table.merge(facts.drop(columns="split", errors="ignore"), on="sample_id", how="left")
        self._write_parquet(SPLIT, table)
        for name in ("split", "facts"):
            self.__dict__.pop(name, None)

    def write_predictions(self, table: pd.DataFrame) -> None:
        """Write ``predictions.parquet``."""
        self._write_parquet(PREDICTIONS, table)
        self.__dict__.pop("predictions", None)

    def write_battery(self, table: pd.DataFrame) -> None:
        """Write ``battery.parquet``."""
        self._write_parquet(BATTERY, table)
        self.__dict__.pop("battery", None)

    def append_history(self, row: dict) -> None:
        """Add one epoch to ``history.csv`` and flush it."""
        file = self.path / HISTORY
        with writing(file):
            pd.DataFrame([row]).to_csv(file, mode="a", header=not file.exists(), index=False)

    def drop_checkpoint(self) -> None:
        """Remove what only a resumed training needs."""
        shutil.rmtree(self.path / CHECKPOINT, ignore_errors=True)

    def _write_parquet(self, name: str, table: pd.DataFrame) -> None:
        with replacing(self.path / name) as temporary:
            table.to_parquet(temporary, index=False)

    def _table(self, name: str, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        if not (self.path / name).exists():
            untrained, resume = self.config.system in NO_TRAINING, f"finish it with: python -m core train --resume {self.name}"
            raise InputError(f"The run {self.name!r} has no {name} yet; {how_again(self.config) if untrained else resume}")
        return table_of(self.path, name, columns)
