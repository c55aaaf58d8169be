"""What others report on the official 624 test images, beside the nine systems: the figures to beat."""

from __future__ import annotations

import pandas as pd

COLUMNS = ("source", "n_classes", "accuracy", "sensitivity", "specificity", "roc_auc", "note")
ROWS = (
    ("Kermany et al. 2018, frozen InceptionV3", 2, 0.928, 0.932, 0.901, 0.968, ""),
    ("Rajaraman et al. 2018, VGG16 on lung crops", 2, 0.962, 0.962, None, 0.993, ""),
    ("Ayan et al. 2021, three networks averaged", 2, 0.958, 0.978, 0.927, None, ""),
    ("MedMNIST v2, ResNet-50 at 224 pixels", 2, 0.884, None, None, 0.962, "PneumoniaMNIST, threshold 0.5, mean of three trainings"),
    ("MedMNIST v2, Google AutoML Vision", 2, 0.946, None, None, 0.991, "PneumoniaMNIST"),
    ("Ayan et al. 2021, three networks averaged", 3, 0.907, None, None, None, "recall of viral pneumonia 0.770"),
    ("Rajaraman et al. 2021, ensemble", 3, 0.94, None, None, None, "about; Matthews correlation 0.907"),
)


def literature() -> pd.DataFrame:
    """One row a published result: `COLUMNS`; metrics as fractions, NaN where not reported.

    All are on the 624 official test images. Results from a random re-split of the images are left out: they leak patients from
    training to test, and cannot be compared.

    Returns
    -------
    DataFrame
    """
    return pd.DataFrame(ROWS, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS[2:6], float))
