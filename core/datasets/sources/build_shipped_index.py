"""Make the shipped index from a local copy of the set: ``python -m core.datasets.sources.build_shipped_index DATA HEADERS``."""

from __future__ import annotations

import sys

import pandas as pd

from core.datasets import open_dataset
from core.datasets.sample_table import FACTS
from core.datasets.sources.shipped import INDEX
from core.files import replacing

HEADER_FACTS = ["width", "height", "mode", "n_bytes", "quantisation_sum"]


def build_index(data: str, headers: str) -> pd.DataFrame:
    """The sample table with the headers of the published originals where they are known, and no paths.

    Parameters
    ----------
    data : str
        A Kaggle-layout folder.
    headers : str
        CSV with ``path, width, height, mode, bytes, jpeg_luminance_table_sum``.

    Returns
    -------
    DataFrame
    """
    known = pd.read_csv(headers).rename(columns={"path": "sample_id", "bytes": "n_bytes", "jpeg_luminance_table_sum": "quantisation_sum"})
    table = open_dataset(data).samples.drop(columns=["path", *HEADER_FACTS]).merge(known, on="sample_id", how="left")
    return table.astype({name: FACTS.get(name, "Int64") for name in HEADER_FACTS})


if __name__ == "__main__":
    with replacing(INDEX) as temporary:
        build_index(*sys.argv[1:]).to_parquet(temporary, index=False, compression="zstd")
