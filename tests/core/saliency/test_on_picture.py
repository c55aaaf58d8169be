"""Where a padded picture lies in the model's input."""

import numpy as np
import pytest

from core.images import fit
from core.saliency.heatmap import on_picture


def test_squashed_pictures_keep_the_whole_map():
    heatmap = np.random.default_rng(0).random((32, 32), dtype=np.float32)
    assert on_picture(heatmap, "squash", 100, 200) is heatmap


@pytest.mark.parametrize(("height", "width"), [(100, 200), (200, 100), (100, 100), (37, 64), (500, 40)])
def test_padding_is_cut_off_where_the_decoder_put_it(height, width):
    from PIL import Image

    inside = np.asarray(fit(Image.new("L", (width, height), 255), 32, "pad")) > 0
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    position = np.arange(32 * 32, dtype=np.float32).reshape(32, 32)
    cut = on_picture(position, "pad", height, width)
    assert cut.tolist() == position[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].tolist()
