"""Choose what to train: system and settings, how much, how many, and what to call it."""

from __future__ import annotations

import streamlit as st

from core.architectures import SYSTEMS, System, Variant, get_system
from core.architectures.pretrained import weights_at_hand
from core.config import Recipe
from core.runs.identity.about import MAX_NAME, MAX_NOTE
from dashboard.components.kept_fields import clear, keep, keep_choice, kept, kept_choice
from dashboard.components.query_params import preset
from dashboard.components.train.linked_settings import MOST, linked_settings, with_linked
from dashboard.components.train.recipe_fields import other_settings, setting
from dashboard.components.train.several import MOST_SEEDS, Asked, Wanted, asked_for, several

BEST, SECOND = "lens_mobilenet", "lens_scratch"  # the second needs no download
WHY = {
    BEST: "of the systems here it did best on altered validation images, before any look at test, and it takes few epochs",
    SECOND: "it does nearly as well as the best system here, and starts without downloaded weights",
}
FULL, QUICK = "Full training", "Quick try"
NAME, NOTE = "train_name", "train_note"
STARTED = "_train_started"  # what was named is in the queue, so the next one needs another name
QUICK_EPOCHS, QUICK_IMAGES = 3, 1000
QUICK_HELP = (
    f"Quick try: at most {QUICK_EPOCHS} epochs on {QUICK_IMAGES:,} training images, to see all steps up to a tested model. "
    "Its figures say little."
)


def choose_system() -> tuple[System, Variant]:
    """A chooser of the registered systems and, where a system has several, of the number of classes."""
    systems, first = {system.title: system for system in SYSTEMS}, get_system(first_choice())
    keys = {system.key: system.title for system in SYSTEMS}
    preset("train_system", list(systems), kept_choice("train_system", list(systems), first.title), keys, follows=False)
    place = list(systems).index(first.title)
    system = systems[keep_choice("train_system", st.selectbox("System", list(systems), place, key="train_system", bind="query-params"))]
    _praise(system, first)
    if len(system.variants) == 1:
        return system, system.variants[0]
    variants = {variant.n_classes: variant for variant in system.variants}
    usual = kept_choice("train_labels", list(variants), system.variants[0].n_classes)
    preset("train_labels", list(variants), usual, {str(n): n for n in variants}, follows=False)
    n_classes = st.segmented_control(
        "Classes",
        list(variants),
        key="train_labels",
        required=True,
        bind="query-params",
        help="2: normal and pneumonia. 3: normal, bacterial and viral pneumonia.",
    )
    return system, variants[keep_choice("train_labels", n_classes)]


def first_choice() -> str:
    """The key of the system to begin with: the best, or the best that needs no download where its weights are not here."""
    return BEST if weights_at_hand(get_system(BEST).start) else SECOND


def _praise(system: System, first: System) -> None:
    """Why the first choice is a good one; from elsewhere a way back to it."""
    if system == first:
        st.caption(f":green-badge[good first choice] {WHY[first.key].capitalize()}.")
        return
    back = {"train_system": first.title}
    st.button(f"Good first choice: {first.title}", key="train_first_choice", type="tertiary", icon=":material/star:",
              help=WHY[first.key].capitalize() + ".", on_click=st.session_state.update, args=(back,))  # fmt: skip


def show_system(system: System, variant: Variant) -> None:
    """Source, size and published figures in two lines."""
    size = f"{system.image_size} × {system.image_size} pixels"
    source = "Ours" if system.source == "ours" else f"From {system.source}"
    st.caption(f"{source}. Input {size}; {variant.params_total:,} parameters, of which {variant.params_trainable:,} are trained.")
    figures = [f"{name} {value:.3f}" for name, value in variant.published.items() if isinstance(value, float)]
    note = variant.published.get("note")
    if figures:
        st.caption(f"Published on the official test images: {', '.join(figures)}{f' ({note})' if note else ''}.")
    if system.pretrained:
        here = "which are on this machine" if weights_at_hand(system.start) else "which are downloaded when the training starts"
        st.caption(f"Starts from ImageNet weights, {here}. The folder PNEUMOLENS_WEIGHTS is searched first.")


def configure(system: System, variant: Variant) -> Asked:
    """Settings, seeds and further systems; what does not fit together is among the problems."""
    preset("train_scope", [FULL, QUICK], kept_choice("train_scope", [FULL, QUICK], FULL), follows=False)
    scope = st.segmented_control("How much", [FULL, QUICK], key="train_scope", required=True, bind="query-params", help=QUICK_HELP)
    quick = keep_choice("train_scope", scope) == QUICK
    key, linked = f"train_{system.key}_{variant.n_classes}" + ("_quick" if quick else ""), linked_settings()
    recipe = _scaled(with_linked(variant.recipe, linked), quick)
    key += f"_{linked[:MOST]}" if linked else ""
    epochs, batch_size, seeds = st.columns(3)
    with epochs:
        values = {"epochs": setting("epochs", recipe, key)}
    with batch_size:
        values["batch_size"] = setting("batch_size", recipe, key)
    seed = seeds.number_input(
        "Seed", 0, 2**31 - MOST_SEEDS - 1, kept("train_seed", 0), key="train_seed",
        help="The same seed draws the same validation images and weights.",
    )  # fmt: skip
    keep("train_seed", seed)
    with st.expander("All settings"):
        st.caption("They start as the system's own recipe has them.")
        values |= other_settings(recipe, key, system.pretrained)
        limited = "train_limit" + ("_quick" if quick else "")
        limit = st.number_input(
            "Training images at most", 1, value=kept(limited, QUICK_IMAGES if quick else None), key=limited, placeholder="all",
            help="Use only some of the images in train, validation included. The test images stay whole.",
        )  # fmt: skip
        keep(limited, limit)
    n_seeds, others = several(system, variant.n_classes)
    wanted = [Wanted(system, variant, variant.recipe.changed(values), limit)]
    wanted += [Wanted(other, its, {"epochs": str(_scaled(its.recipe, quick).epochs)}, limit) for other, its in others]
    return asked_for(wanted, range(seed, seed + n_seeds))


def name_and_note() -> tuple[str, str]:
    """What the runs are to be called, and a note beside them."""
    if st.session_state.pop(STARTED, False):
        clear(NAME, NOTE)
    later = f"What every page calls it, in at most {MAX_NAME} characters; it can be changed later on the Overview."
    name = keep(NAME, st.text_input("Name", kept(NAME, ""), key=NAME, placeholder="by its settings", help=later))
    words = "Why you train it, what you expect"
    note = keep(NOTE, st.text_area("Note", kept(NOTE, ""), key=NOTE, max_chars=MAX_NOTE, height=68, placeholder=words))
    return name, note


def _scaled(recipe: Recipe, quick: bool) -> Recipe:
    return recipe.model_copy(update={"epochs": min(recipe.epochs, QUICK_EPOCHS)}) if quick else recipe
