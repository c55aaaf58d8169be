import io

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.runs.history import read_history
from tests.core.damage import mutations

WHOLE = "epoch,accuracy,loss,val_accuracy,val_loss,learning_rate,seconds\n1,0.7,0.9,0.68,1.0,0.0001,2.0\n2,0.8,0.45,0.76,0.5,0.0001,2.0\n"


@pytest.fixture
def read(tmp_path):
    def of(content: bytes | str) -> pd.DataFrame:
        (tmp_path / "history.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return read_history(tmp_path)

    return of


def test_numbers_as_they_stand(read):
    pd.testing.assert_frame_equal(read(WHOLE), pd.read_csv(io.StringIO(WHOLE)).astype(float))


def test_what_is_no_number_is_not_known_and_a_row_without_an_epoch_is_left_out(read):
    table = read("epoch,loss,val_loss\n1,0.5,True\n-1,1,1\nx,2,2\n2,1j,0x10\n1e99,3,3\n3,inf,4\n")
    assert table["epoch"].tolist() == [1, 2, 3]
    assert table["loss"].tolist()[::2] == [0.5, np.inf] and np.isnan(table["loss"][1])
    assert table["val_loss"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize("name", ["val_loss_high", "loss_low", "n_runs", "Unnamed: 0", "=HYPERLINK(1)", "a b", "x" * 100])
def test_a_column_that_no_training_writes_is_left_out(read, name):
    assert list(read(f"epoch,val_loss,{name}\n1,0.5,7\n")) == ["epoch", "val_loss"]


def test_rows_longer_than_the_head_lose_no_epoch(read):
    with pytest.warns(pd.errors.ParserWarning):
        assert read("epoch,loss\n1,0.5,9,9\n2,0.4,9,9\n")["epoch"].tolist() == [1, 2]


@pytest.mark.filterwarnings("ignore::pandas.errors.ParserWarning")
def test_any_damage_gives_a_table_of_numbers_or_a_sentence(read):
    good = 0
    for content in mutations(WHOLE.encode(), 300, seed=4):
        try:
            table = read(content)
        except InputError as error:
            assert "broken history.csv" in str(error)
            continue
        good += 1
        assert table.columns.is_unique and table.index.equals(pd.RangeIndex(len(table)))
        assert not len(table) or set(table.dtypes) == {np.dtype(float)}
    assert good > 50
