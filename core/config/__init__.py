"""The frozen, validated configuration of one run, and its JSON round trip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.config.words import takes
from core.errors import InputError
from core.images import Resize


class Recipe(BaseModel):
    """How a model is trained. Flat, so that every setting is one ``--set KEY=VALUE``.

    Augmentation settings are the half-widths of uniform draws: `rotation` in degrees, `zoom`, `shift`, `brightness` and
    `contrast` as fractions; `flip` mirrors half the images left to right; `crop_area` is the lower end of a uniform draw.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    epochs: int = Field(8, ge=1, le=1000, description="At most this many passes over the training images")
    batch_size: int = Field(32, ge=1, le=4096, description="Images per training step")
    optimizer: Literal["adam", "adamw", "rmsprop"] = Field("adam", description="Method that changes the weights")
    learning_rate: float = Field(1e-3, gt=0, le=10, description="Learning rate at the start")
    weight_decay: float = Field(0.0, ge=0, le=1, description="Decoupled weight decay of AdamW")
    decay: float = Field(0.0, ge=0, description="Inverse-time decay of the learning rate, per step")
    warmup: float = Field(0.0, ge=0, le=1000, description="Epochs in which the learning rate rises from 0, before a cosine decay")
    cosine: bool = Field(False, description="Cosine decay of the learning rate to 0 at the last epoch")
    averaging: float = Field(0.0, ge=0, lt=1, description="Momentum of the moving average of the weights; 0 for none")
    loss: Literal["cross_entropy", "focal"] = Field("cross_entropy", description="Loss; focal plays down the images already told apart")
    focal_gamma: float = Field(2.0, ge=0, le=10, description="How much the focal loss plays them down")
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="Share of each label spread over all classes")
    class_weights: Literal["none", "balanced"] = Field("none", description="Weight of each class in the loss")
    sampling: Literal["natural", "oversample", "undersample"] = Field("natural", description="How often an image is shown in an epoch")
    groups: str = Field(
        "appearance", min_length=1, max_length=200, description="What hidden groups are made by: appearance, a fact, or a column"
    )
    n_groups: int | None = Field(None, ge=2, le=20, description="How many hidden groups; as many as come back best if off")
    group_balance: Literal["none", "weights", "sampling", "dro"] = Field(
        "none", description="Make each hidden group and class count alike: in the loss, in how often it is shown, or the worst one most"
    )
    group_cap: float = Field(4.0, ge=1, le=100, description="Largest weight, or number of repeats, of an image through group balance")
    group_step: float = Field(0.01, gt=0, le=1, description="How fast group DRO turns to the group with the largest loss")
    last_layer: float = Field(
        0.0, ge=0, le=0.5, description="Share of the training patients kept for training the last layer anew, balanced by hidden group"
    )
    early_stopping: int | None = Field(None, ge=1, description="Epochs without a better validation loss before stopping")
    plateau_patience: int | None = Field(None, ge=1, description="Epochs without a better validation loss before the rate drops")
    plateau_factor: float = Field(0.3, gt=0, lt=1, description="What the learning rate is multiplied by on a plateau")
    flip: bool = Field(False, description="Mirror half the images left to right")
    rotation: float = Field(0.0, ge=0, le=180, description="Largest random rotation, degrees")
    zoom: float = Field(0.0, ge=0, lt=1, description="Largest random zoom, fraction of the picture")
    shift: float = Field(0.0, ge=0, lt=1, description="Largest random shift, fraction of the side")
    brightness: float = Field(0.0, ge=0, le=1, description="Largest random change of brightness, fraction of 255")
    contrast: float = Field(0.0, ge=0, lt=1, description="Largest random change of contrast, fraction")
    crop_area: float = Field(1.0, gt=0, le=1, description="Smallest share of the picture that a random resized crop keeps")
    crop_aspect: float = Field(1.0, ge=1, le=4, description="Largest width to height, or height to width, of such a crop")
    clue_removal: float = Field(0.0, ge=0, le=1, description="Share of training images that lose part of a clue of their encoding")
    cutmix: float = Field(0.0, ge=0, le=1, description="Share of batches in which pieces are swapped between images")
    histogram_matching: float = Field(
        0.0, ge=0, le=1, description="Share of training images given the grey levels of another image of any class"
    )
    amplitude_mixing: float = Field(
        0.0, ge=0, le=1, description="Share of training images whose coarse Fourier amplitudes are mixed with another image's"
    )
    corner_exchange: float = Field(
        0.0, ge=0, le=1, description="Share of training images whose corners, letters included, come from another image"
    )
    mixstyle: float = Field(
        0.0, ge=0, le=1, description="Share of training steps in which images take on the feature statistics of others (MixStyle)"
    )
    resize: Resize = Field("squash", description="How a picture that is not square is fitted")
    view: Literal["whole", "mirror", "centre", "ten_crops"] = Field("whole", description="What of a picture is shown when it is scored")
    validation_fraction: float = Field(0.2, gt=0, le=0.5, description="Share of train held out, by patient")
    validation_seed: int | None = Field(None, ge=0, lt=2**31, description="Decides which patients are held out; the run's own seed if off")
    validation_fold: int = Field(0, ge=0, lt=50, description="Which part of train is held out, of as many as make up the whole")
    left_out: str = Field("", max_length=200, description="Images kept out of train and tested on instead, such as series=IM")
    score_test: bool = Field(True, description="Score the test images at the end; off where a choice is still to be made")
    selection: Literal["val_loss", "battery", "last"] = Field("val_loss", description="Which epoch's model is kept")
    weights: Literal["imagenet", "none"] = Field("imagenet", description="Initial weights of the backbone")
    precision: Literal["auto", "float32", "mixed_bfloat16", "mixed_float16"] = Field(
        "auto", description="Number format; auto goes by the hardware"
    )

    @model_validator(mode="after")
    def _one_schedule(self) -> Recipe:
        if self.decay and self.plateau_patience:
            raise ValueError("decay and plateau_patience both steer the learning rate; set one of them")
        if self.cosine and (self.decay or self.plateau_patience):
            raise ValueError("cosine, decay and plateau_patience each steer the learning rate; set one of them")
        return self

    @model_validator(mode="after")
    def _one_balance(self) -> Recipe:
        if self.group_balance == "none":
            return self
        if self.class_weights != "none" or self.sampling != "natural":
            raise ValueError("group_balance balances the classes too; leave class_weights at none and sampling at natural")
        if self.group_balance == "dro" and self.cutmix:
            raise ValueError("group_balance dro needs images of one group each, which cutmix mixes; set one of them")
        return self

    @property
    def needs_groups(self) -> bool:
        """Whether training looks at the hidden groups of its images."""
        return self.group_balance != "none" or self.last_layer > 0

    def changed(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Those of some settings that differ from the recipe's own, as `with_settings` takes them."""
        return {name: "none" if value is None else str(value) for name, value in values.items() if value != getattr(self, name)}

    def with_settings(self, settings: dict[str, str]) -> Recipe:
        """A copy with some settings replaced, validated.

        Parameters
        ----------
        settings : dict of str to str
            Such as ``{"learning_rate": "1e-4"}``; ``none`` clears an optional setting.

        Raises
        ------
        InputError
            Naming the setting, what was received and what is allowed.
        """
        unknown = sorted(set(settings) - set(type(self).model_fields))
        if unknown:
            raise InputError(f"There is no setting {unknown[0]!r}; choose from {', '.join(type(self).model_fields)}.")
        optional = {"early_stopping", "plateau_patience", "validation_seed", "n_groups"}
        parsed = {k: None if k in optional and str(v).lower() == "none" else v for k, v in settings.items()}
        try:
            return type(self).model_validate(self.model_dump() | parsed)
        except ValidationError as error:
            raise InputError(_first_problem(error)) from None


class RunConfig(BaseModel):
    """Everything that names a run's outcome; written to ``config.json`` before training starts.

    `system` is the key of a registered system, ``ensemble`` for the mean of the runs named in `members`, or ``imported``;
    `title` is what such a run is called on the pages. `columns` and `called` are what the table of its images calls its columns and
    classes, where somebody had to say so: our name to the table's, and the table's name to ours. `grouping` says which hidden groups a
    training looked at: `by`, `k`, `made_from`, and `codes`, a digest of the group of each image.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    system: str
    title: str = ""
    members: tuple[str, ...] = Field((), max_length=100)
    n_classes: int = Field(ge=2)
    class_names: tuple[str, ...]
    image_size: int = Field(ge=8, le=4096)
    recipe: Recipe
    seed: int = Field(0, ge=0, lt=2**31)
    limit: int | None = Field(None, ge=1)
    base_run: str | None = None
    data_title: str = ""
    columns: dict[str, str] = {}
    called: dict[str, str] = {}
    grouping: dict[str, str] = {}
    fingerprint: str = ""
    split_rule: str = "val carved from train, grouped by patient and identical content, stratified by class and sub-type"
    created: str = ""
    versions: dict[str, str] = {}
    device: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_name_a_class(self) -> RunConfig:
        if not len(self.class_names) == len(set(self.class_names)) == self.n_classes:
            raise ValueError(f"there are {self.n_classes} classes and the names {', '.join(self.class_names)}")
        return self

    @classmethod
    def checked(cls, **fields: object) -> RunConfig:
        """A configuration from its fields; raises InputError, naming the field, if one is not valid."""
        try:
            return cls(**fields)
        except ValidationError as error:
            raise InputError(_first_problem(error)) from None

    @classmethod
    def from_json(cls, text: str) -> RunConfig:
        """Parse ``config.json``.

        Raises
        ------
        InputError
            If it is not a configuration.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InputError(_first_problem(error)) from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    if problem["type"] == "value_error":
        return f"The settings do not fit together: {problem['ctx']['error']}."
    where = ".".join(str(part) for part in problem["loc"]) or "the text"
    field = (RunConfig.model_fields | Recipe.model_fields).get(where.removeprefix("recipe."))
    wanted = takes(field) if field else ""
    said = f"it takes {wanted}" if wanted else f"{problem['msg'][0].lower()}{problem['msg'][1:]}"
    return f"The setting {where} is not valid: {said}; received {problem['input']!r:.60}."
