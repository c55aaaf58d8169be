"""Score a finished run without the clues of its data set, and choose its thresholds there. The test images are not touched."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.inference.ensemble import by_members
from core.inference.predict import load_model
from core.inference.run_images import open_for
from core.inference.score_tables import score_battery
from core.metrics.thresholds import operating_points
from core.parallel import Progress
from core.runs.origin import IMPORTED, how_again
from core.runs.run import Run


def add_battery(run: Run, data: str, progress: Callable[[str], Progress]) -> None:
    """Write ``battery.parquet`` of a finished run, and the operating points that follow from it into its card.

    Parameters
    ----------
    run : Run
    data : str
        The images that the run was trained on.
    progress : callable of str

    Raises
    ------
    InputError
        If the run is not finished, has no model, or was trained on other images.
    """
    if run.config.system == IMPORTED:
        raise InputError(
            f"The run {run.name!r} has no validation images of ours: it came from elsewhere, and what it was trained on is not known here, "
            "so no threshold can be chosen on images without their clues; bring scores of val along with those of test instead."
        )
    if run.state != "finished":
        raise InputError(f"The run {run.name!r} is {run.state}; only a finished run has thresholds to choose.")
    dataset = open_for(run.config, data, progress("indexing"))
    if dataset.fingerprint != run.config.fingerprint:
        raise InputError(f"The run {run.name!r} was trained on other images than {dataset.title!r}; give those with --data.")
    split = dataset.samples["sample_id"].map(run.split.set_index("sample_id")["split"])
    if not (split == "val").any():
        raise InputError(
            f"The run {run.name!r} has no validation images, so there is nothing to remove clues from; {how_again(run.config)}"
        )

    def score(judge: Run) -> pd.DataFrame:
        return score_battery(load_model(judge), judge, SplitImages.of(judge.config, dataset, split), progress("battery"))

    run.write_battery(by_members(run, score, ["sample_id", "variant", "y_true"]))
    run.write_card(run.card.to_json() | operating_points(run))
