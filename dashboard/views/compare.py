"""Several runs on the same test images: metrics, curves, confusion matrices, and where they disagree. No TensorFlow."""

import streamlit as st

from core.metrics.curves import calibration_points, class_scores, precision_recall_points, rates_by_threshold, roc_points
from core.metrics.verdicts import verdicts
from dashboard import state
from dashboard.components.address import preset
from dashboard.components.curves import histories, pick_class, pick_curve
from dashboard.components.disagreements import parts, pictures, show_table
from dashboard.components.links import train_link
from dashboard.components.metrics_table import show_metrics
from dashboard.components.operating_point import operating_rates, pick_operating_point
from dashboard.components.paired import show_differences
from dashboard.components.run_legend import lettered, show_legend
from dashboard.components.run_picker import comparable, newest_pair, pick_runs, show_left_out, usable_runs
from dashboard.figures.calibration import calibration_figure
from dashboard.figures.confusion import confusion_figure
from dashboard.figures.disagreement import disagreement_figure
from dashboard.figures.history import history_figure
from dashboard.figures.palette import run_colours
from dashboard.figures.precision_recall import precision_recall_figure
from dashboard.figures.roc import roc_figure
from dashboard.figures.subtype import subtype_figure
from dashboard.figures.thresholds import thresholds_figure

LEARNING = "Learning"
DOTS = "The dots are the operating points in use."
CURVES = {
    "ROC": (
        roc_points,
        roc_figure,
        f"Every point is a threshold: higher finds more cases, further right raises more false alarms. The upper left is best. {DOTS}",
    ),
    "Precision–recall": (
        precision_recall_points,
        precision_recall_figure,
        f"How many calls are right (precision) when that share of cases is found (recall). The upper right is best. {DOTS}",
    ),
    "Calibration": (
        calibration_points,
        lambda curves, colours, _: calibration_figure(curves, colours),
        "On the dotted line a probability means what it says: of images given 0.8, eight in ten are cases. Bars are 95 % intervals.",
    ),
    "Thresholds": (
        rates_by_threshold,
        thresholds_figure,
        f"Sensitivity (solid) falls and specificity (dashed) rises with the threshold. {DOTS}",
    ),
}
STILL = {"displayModeBar": False}


def show_learning(labelled, colours):
    """Loss and accuracy by epoch."""
    tables = histories(labelled)
    for column, metric in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        column.plotly_chart(
            history_figure(tables, metric, colours), key=f"compare_learning_{metric}", config=STILL, alt=f"{metric} by epoch"
        )
    st.caption("Solid: validation. Dashed: training. Ring: the epoch whose model was kept.")


def show_curve(name, labelled, colours, evaluations):
    """One kind of curve of one class, for all runs."""
    class_names = next(iter(evaluations.values())).class_names
    class_id = pick_class("compare_class", class_names)
    points, draw, explanation = CURVES[name]
    curves = {label: points(*class_scores(run, class_id)) for label, run in labelled.items()}
    left, right = st.columns([5, 2], vertical_alignment="center")
    figure = draw(curves, colours, operating_rates(evaluations))
    left.plotly_chart(figure, key=f"compare_curve_{name}", config=STILL, alt=f"{name} of {', '.join(labelled)}")
    n = next(iter(evaluations.values())).n_samples
    right.markdown(explanation)
    right.caption(f"{class_names[class_id].capitalize()} against the rest, n = {n:,} test images.")


def show_confusion(evaluations):
    """Confusion matrices, at most three a row."""
    columns = st.columns(min(3, max(2, len(evaluations))))
    for number, (label, evaluation) in enumerate(evaluations.items()):
        matrix = evaluation.confusion_matrix
        with columns[number % len(columns)]:
            st.markdown(f"**{label}**, n = {evaluation.n_samples:,}")
            figure = confusion_figure(matrix, evaluation.class_names)
            alt = f"Confusion matrix of {label}, rows true, columns called: {matrix.tolist()}"
            st.plotly_chart(figure, key=f"compare_confusion_{number}", config=STILL, alt=alt)


def show_subtypes(evaluations, colours):
    """Recall of bacterial and of viral pneumonia, where the names of the images tell."""
    recalls = {
        label: {name: (e.value, e.low, e.high, e.n_samples) for name, e in evaluation.subtype_recall.items()}
        for label, evaluation in evaluations.items()
    }
    if any(recalls.values()):
        st.markdown("**Pneumonias found, by kind**")
        st.plotly_chart(
            subtype_figure(recalls, colours), key="compare_subtypes", config=STILL, alt="Recall of bacterial and viral pneumonia"
        )


def show_disagreements(labelled, point):
    """Who is right on how many images, and the images of one part."""
    answers = verdicts(list(labelled.values()), threshold=point)
    divided = parts(answers, [label.split()[0] for label in labelled])
    counts = {name: int(chosen.sum()) for name, chosen in divided.items()}
    st.plotly_chart(disagreement_figure(counts), key="compare_disagreement_bar", config=STILL, alt=f"Images by who is right: {counts}")
    kinds = list(divided)[1:]
    preset("compare_kind", kinds, next((kind for kind in kinds if counts[kind]), kinds[0]))
    kind = st.segmented_control("Images where", kinds, key="compare_kind", required=True, wrap=True, bind="query-params")
    if not counts[kind]:
        st.info("There is no such image.")
        return
    dataset = pictures({run.config.fingerprint for run in labelled.values()})
    table = answers.table(divided[kind], list(labelled))
    show_table(table, dataset, [run.name for run in labelled.values()], f"{kind.lower().replace(', ', '-').replace(' ', '-')}.csv")


st.title("Compare")
usable, left_out = usable_runs()
if usable:
    help = "One to six finished runs. The others are set against the first."
    chosen = pick_runs("compare_runs", usable, newest_pair(usable), "Runs", help)
    compared, refused = comparable(chosen)
    point = pick_operating_point("compare_operating_point", (compared or usable)[0].config.n_classes)
    for reason in refused:
        st.warning(reason, icon=":material/block:")
else:
    compared, point = [], "recommended"
    for key in ("compare_runs", "compare_operating_point"):
        st.container(key=key)
    st.info("There is no finished run yet. Train a model to judge it here, a second one to compare them.", icon=":material/compare_arrows:")
    train_link()
show_left_out(left_out)

if compared:
    labelled = lettered(compared)
    colours = dict(zip(labelled, run_colours([run.name for run in compared]).values(), strict=True))
    evaluations = {label: state.evaluation(run, "test", point) for label, run in labelled.items()}
    show_legend(labelled, colours, evaluations)
    st.subheader("Metrics")
    show_metrics(evaluations, {label: run.name for label, run in labelled.items()})
    if len(compared) > 1:
        st.subheader("Is the difference real?")
        show_differences(labelled, point)
elif usable:
    st.info("Choose at least one run.")

with st.container(key="compare_curves"):
    if compared:
        st.subheader("Curves")
        curve = pick_curve("compare_curve", [*CURVES, LEARNING])
        if curve == LEARNING:
            show_learning(labelled, colours)
        else:
            show_curve(curve, labelled, colours, evaluations)
with st.container(key="compare_confusion"):
    if compared:
        st.subheader("Confusion")
        show_confusion(evaluations)
        show_subtypes(evaluations, colours)
with st.container(key="compare_disagreements"):
    if compared:
        st.subheader("Where they disagree" if len(compared) > 1 else "Where it is wrong")
        show_disagreements(labelled, point)
