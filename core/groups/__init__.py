"""Hidden groups: images that look alike or share a fact, and how far that alone gives their class away.

open_groups(dataset, by, k, stages) -> Grouping     # which group each image is in; appearance is kept on disk
groups_at_hand(dataset, k) -> Grouping or None       # those by appearance if they were made before or are shipped: no work, no Keras
summarise(dataset, grouping, stages) -> Summary     # counts, what sets each apart, medoids, Cramér's V, AUC, shift of the mix
FACTS                                               # what images can be grouped by, besides appearance and the user's own columns
unknown_look(dataset) -> str                        # why there can be none by appearance; empty where there can
known_facts(dataset), user_columns(dataset)         # those of them that these images have
names_of, name_group, with_names                    # what a user calls groups
headline(counts, grouping, v, names) -> str         # one sentence that a student understands
assignment, group_table                             # tables to take away

Importing this package loads neither Keras nor scikit-learn.
"""

from __future__ import annotations

from core.datasets.dataset import Dataset
from core.groups.by_appearance.appearance import appearance_groups
from core.groups.by_appearance.at_hand import APPEARANCE, groups_at_hand
from core.groups.by_appearance.look import unknown_look
from core.groups.by_appearance.stages import Stages
from core.groups.by_fact import fact_groups
from core.groups.facts import FACTS, Fact, known_facts, user_columns
from core.groups.grouping import FEWEST_K, MOST_K, Grouping
from core.groups.named import MAX_NAME, name_group, names_of, with_names
from core.groups.statistics.headline import headline
from core.groups.statistics.summary import Summary, counted, shares, summarise
from core.groups.tables import assignment, group_table

__all__ = [
    "APPEARANCE", "FACTS", "FEWEST_K", "MAX_NAME", "MOST_K", "Fact", "Grouping", "Stages", "Summary", "assignment", "counted",
    "group_table", "groups_at_hand", "headline", "known_facts", "name_group", "names_of", "open_groups", "shares", "summarise",
    "unknown_look", "user_columns", "with_names",
]  # fmt: skip


def open_groups(dataset: Dataset, by: str = APPEARANCE, k: int | None = None, stages: Stages | None = None) -> Grouping:
    """Group the images of a data set.

    Parameters
    ----------
    dataset : Dataset
    by : str
        ``appearance``, the key of one of `FACTS`, or a column of the user's table.
    k : int, optional
        How many groups, 2 to 20; else as `core.groups.by_appearance.clusters.choose_k` and `core.groups.by_fact.fact_groups` choose.
    stages : callable of str, optional
        Makes a progress callback for each stage of longer work.

    Returns
    -------
    Grouping

    Raises
    ------
    InputError
        If there is nothing of that name, or nothing to make the groups from.
    """
    if by.casefold() == APPEARANCE and APPEARANCE not in user_columns(dataset):
        return appearance_groups(dataset, k, stages)
    return fact_groups(dataset, by, k, stages)
