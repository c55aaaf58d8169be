"""A style tied to the class is found, the finding fires and the worst group is the planted one; without the tie it is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from core.audit import kept
from core.audit.look import look_gives_class
from core.datasets import open_dataset
from core.groups import open_groups, summarise


def test_a_tied_style_is_found(styled):
    folder, names = styled(0.8, 0.05)
    dataset = open_dataset(folder)
    quick = kept(look_gives_class, dataset)
    assert quick.severity in ("high", "medium") and "python -m core groups" in quick.evidence
    grouping = open_groups(dataset)
    summary = summarise(dataset, grouping)
    assert summary.auc.value > 0.8 and summary.cramers_v.low > 0.4
    worst = summary.worst_first[0]
    inside = dataset.samples["sample_id"][grouping.codes == worst]
    assert inside.isin(names).mean() > 0.9
    assert {part.key for part in summary.apart[worst]} & {"border", "letters"}
    finding = kept(look_gives_class, dataset)
    assert finding.severity in ("high", "medium") and finding.value == summary.cramers_v.value
    assert "python -m core groups" not in finding.evidence  # the groups that were made since count, not the kept finding


@pytest.mark.long
def test_a_style_of_both_classes_and_none_at_all_are_quiet(styled):
    for share in (0.5, 0.0):
        dataset = open_dataset(styled(share, share)[0])
        assert look_gives_class(dataset).severity == "ok"
        grouping = open_groups(dataset)
        summary = summarise(dataset, grouping)
        assert summary.cramers_v.low < 0.3 and summary.auc.value < 0.8
        assert look_gives_class(dataset).severity == "ok"


@pytest.mark.long
def test_a_style_of_test_alone_moves_the_mix(tabled):
    plain = tabled(200)
    split = (plain.samples["split"] == "test").to_numpy()
    unmoved = summarise(plain, open_groups(plain)).shift
    assert unmoved.distance < unmoved.by_chance
    framed = split | (np.arange(200) % 10 < 2)
    moved = tabled(200, rim_black=np.where(framed, 0.9, 0.1), rim_mean=np.where(framed, 20.0, 90.0), letters=np.where(framed, 9.0, 0.0))
    shift = summarise(moved, open_groups(moved)).shift
    assert shift.distance > 0.5 > shift.by_chance
