"""A metric of the chosen runs in each group of films: a dot with its interval, worst group first, and the difference between two runs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.counted import counted
from core.errors import InputError
from core.metrics.statistics.intervals import UNDEFINED, in_figures, interval_text
from core.metrics.subgroups.by_group import FEWEST, by_group, paired_by_group, worst_first
from dashboard.components.after_paint import painted
from dashboard.components.chips import letters_as_chips
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.groups.known_facts import UNKNOWN, Known, images_of, known, offered
from dashboard.components.compare.images.film_filter import address_of, films_table
from dashboard.components.compare.tables.metrics_table import title_of
from dashboard.components.compare.tables.sortable_numbers import told
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.figures.group_dots import group_dots

GROUP, FILMS = "Group", "Films"
FEW = f"Fewer than {FEWEST} films that a metric counts are too few for a figure; their number stands in its place."
METHODS = (
    "In brackets: 95 % interval, Wilson's for rates, else a bootstrap by patient. Differences: the same draws of patients for both runs. "
    "Several groups are looked at and intervals are not corrected for it: one in twenty lies off by chance. Click a line to see its films."
)


def show_by_group(comparison: Comparison, target: str, key: str = "compare_groups") -> None:
    """A section that is folded at first; `target` begins the keys of the gallery that a click narrows."""
    box = st.expander("By group of films", key=key, on_change="rerun", bind="query-params", icon=":material/workspaces:")
    if not box.open:
        return
    with box:
        dataset = images_of(comparison.panel.sample_ids)
        if dataset is None:
            st.info(UNKNOWN)
            return
        facts = offered(dataset)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            preset(f"{key}_by", list(facts), next(iter(facts)))
            by = st.selectbox("Group films by", list(facts), key=f"{key}_by", format_func=facts.get, bind="query-params", width=320)
            metric = _pick_metric(comparison, f"{key}_metric")
            pair = _pick_pair(comparison, f"{key}_pair")
        try:
            grouping = known(dataset, by)
        except InputError as error:
            st.info(plain(str(error)))
            return
        _show(comparison, by, grouping, metric, pair, target, key)


def _pick_metric(comparison: Comparison, key: str) -> str:
    metrics = list(next(iter(comparison.evaluations.values())).metrics)
    first = "specificity" if "specificity" in metrics else "accuracy"
    preset(key, metrics, first)
    return st.selectbox("Metric", metrics, metrics.index(first), key=key, format_func=title_of, bind="query-params", width=200)


def _pick_pair(comparison: Comparison, key: str) -> tuple[int, int] | None:
    """Positions of the two runs whose difference is told: the first and another, which is asked for where there are several."""
    letters = comparison.letters
    if len(letters) < 2:
        return None
    pairs = {f"{b} − {a}": (i, j) for i, a in enumerate(letters) for j, b in enumerate(letters) if i < j}
    if len(pairs) == 1:
        return next(iter(pairs.values()))
    preset(key, list(pairs), next(iter(pairs)))
    return pairs[st.selectbox("Difference", list(pairs), key=key, bind="query-params", width=130)]


def _show(comparison: Comparison, by: str, grouping: Known, metric: str, pair: tuple[int, int] | None, target: str, key: str) -> None:
    cuts, labels = tuple(comparison.thresholds.values()), list(comparison.runs)
    found = _measured(comparison.key, cuts, by, grouping.by_id, metric, comparison, grouping)
    order = worst_first(found, metric)
    if not order:
        st.info("None of these films is in a group.")
        return
    for note in grouping.notes:
        st.caption(plain(note))
    st.markdown(_headline(found, grouping, metric, comparison))
    points = {
        label: [_point(rows.loc[group]) for group in order] for label, (_, rows) in zip(labels, _by_run(found, comparison), strict=True)
    }
    overall = {label: one.metrics[metric].value for label, one in comparison.evaluations.items()}
    if painted("the groups"):
        names = [plain_short(grouping.names[group]) for group in order]
        st.plotly_chart(
            group_dots(names, points, comparison.colours, title_of(metric), overall), key=f"{key}_dots",
            alt=f"{title_of(metric)} of {len(labels)} runs in {len(order)} groups of films, worst first; the table below has the figures.",
        )  # fmt: skip
        st.caption(f"Dotted: over all {comparison.panel.n_samples:,} test films.")
    differences = None
    if pair:
        names = tuple(comparison.panel.names[place] for place in pair)
        differences = _paired(comparison.key, cuts, by, grouping.by_id, metric, names, comparison, grouping)
    table = groups_table(found, differences, order, grouping, comparison, pair)
    alt = f"{title_of(metric)} by group of films and run, worst group first"
    films_table(table, [address_of([(by, group)]) for group in order], target, key, alt)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{FEW} {METHODS}", width=820)
        export_button(found.assign(group=[grouping.names[group] for group in found["group"]], metric=metric), table, f"{metric}-by-{by}")


def groups_table(
    found: pd.DataFrame, differences: pd.DataFrame | None, order: list[int], grouping: Known, comparison: Comparison, pair: tuple | None
) -> pd.DataFrame:
    """``Group``, ``Films``, a column for each run's letter and one for the difference of two, in the order given."""
    sizes = found.groupby("group")["n_images"].first()
    table = {GROUP: [grouping.names[group] for group in order], FILMS: [int(sizes[group]) for group in order]}
    for letter, (_, rows) in zip(comparison.letters, _by_run(found, comparison), strict=True):
        lines = rows.loc[order]
        table[letter] = [_figure(row) for row in lines.itertuples()]
    if differences is not None and pair:
        lines = differences.set_index("group").loc[order]
        texts = [
            UNDEFINED if row.difference != row.difference
            else f"{in_figures(row.difference, '+.3f')} ({interval_text(row.low, row.high, '+.3f', ' to ')})"
            for row in lines.itertuples()
        ]  # fmt: skip
        table[f"{comparison.letters[pair[1]]} − {comparison.letters[pair[0]]}"] = told(lines["difference"], texts)
    return pd.DataFrame(table)


def plain_short(name: str, most: int = 70) -> str:
    """A name for a figure, which takes markup for markup."""
    text = name.replace("<", "‹")
    return text if len(text) <= most else f"{text[:most]}…"


def _headline(found: pd.DataFrame, grouping: Known, metric: str, comparison: Comparison) -> str:
    """The worst group of any run in a sentence."""
    group = worst_first(found, metric)[0]
    rows = found[found["group"] == group].set_index("run")
    if rows["value"].isna().all():
        return f"In no group do {FEWEST} films count for {title_of(metric).lower()}, so nothing can be told by group."
    said = [
        f"{letters_as_chips(letter, comparison.colours)} {_figure(rows.loc[name])}"
        for letter, name in zip(comparison.letters, comparison.panel.names, strict=True)
    ]
    return f"Worst group for {title_of(metric).lower()}: **{plain(grouping.names[group])}**. {'; '.join(said)}."


def _figure(row) -> str:
    """``0.537 (0.406–0.663), n = 54``; how many films there are where they are too few."""
    if row.n < FEWEST:
        return f"too few: {counted(int(row.n), 'film')}"
    if row.value != row.value:
        return f"{UNDEFINED}, n = {int(row.n):,}"
    return f"{row.value:.3f} ({interval_text(row.low, row.high)}), n = {int(row.n):,}"


def _point(row: pd.Series) -> tuple[float, float, float, int] | None:
    """A dot with its interval; without scatter, as of one patient, the interval is the dot."""
    value = float(row["value"])
    if value != value:
        return None
    low, high = (value if end != end else float(end) for end in (row["low"], row["high"]))
    return value, min(low, value), max(high, value), int(row["n"])


def _by_run(found: pd.DataFrame, comparison: Comparison) -> list[tuple[str, pd.DataFrame]]:
    return [(name, found[found["run"] == name].set_index("group")) for name in comparison.panel.names]


@st.cache_data(max_entries=200, show_spinner="Measuring each group …")
def _measured(key: tuple, cuts: tuple, by: str, by_id: pd.Series, metric: str, _comparison: Comparison, _grouping: Known) -> pd.DataFrame:
    codes = _grouping.codes(_comparison.panel.sample_ids)
    return by_group(_comparison.panel, _comparison.thresholds, codes, metric)


@st.cache_data(max_entries=200, show_spinner="Comparing in each group …")
def _paired(
    key: tuple, cuts: tuple, by: str, by_id: pd.Series, metric: str, names: tuple[str, str], _comparison: Comparison, _grouping: Known
) -> pd.DataFrame:
    codes = _grouping.codes(_comparison.panel.sample_ids)
    return paired_by_group(_comparison.panel, _comparison.thresholds, codes, metric, names)
