"""Write the pages that follow from the code: ``make docs``. A test holds them against what this would write now.

``commands.md`` comes from the commands, ``systems.md`` from the registry of systems, ``settings.md`` from the recipe, the notebook from
``first_model.py``, and the table of the README from ``results.md``, which ``python -m core results --write docs/results.md`` writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import click

from core.architectures import SYSTEMS
from core.cli import COMMANDS
from core.config import Recipe
from core.config.words import takes
from core.files import replacing
from core.reporting.marked_text import marks

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
MADE = "<!-- written by `make docs`; change the code instead -->"
IMAGES = {
    "Validation": "validation", "Worst group on validation": "worst group on validation", "Altered validation": "battery mean",
    "Series held out": "series held out", "Test": "test", "Worst group on test": "worst group on test",
}  # fmt: skip
COLUMNS = ("System", "Seeds", "AUC", "Accuracy", "Sensitivity", "Specificity", "Specificity, worst group")  # of the README's table


def pages() -> dict[Path, str]:
    """Each page that is written by this, and its text as it should be now."""
    texts = {"commands.md": commands(), "systems.md": systems(), "settings.md": settings(), "first_model.ipynb": notebook()}
    return {DOCS / name: text for name, text in texts.items()} | {README: readme()}


def commands() -> str:
    """Every command with its arguments and options."""
    parts = [
        "# Command line",
        MADE,
        "`python -m core COMMAND`. Every command has `--help`; with `--json` it prints exactly one JSON object to standard output and all "
        "else to standard error. Exit codes: 0 done; 2 wrong usage or bad input, with one line on standard error that starts "
        "`error:`; 1 it failed; 130 interrupted by Ctrl-C, 143 by SIGTERM. A `train` that SIGTERM ends, as the page's *Stop* does, was "
        "stopped as asked: it says so in its `status` and exits with 0.",
        "`RUN` is a run's folder, or its name below `PNEUMOLENS_MODELS`. `DATA` is a folder, a PneumoniaMNIST `.npz` or a table of images, "
        "see [your own data](data.md).",
        table(("command", "what it does"), [(f"[`{one.name}`](#{one.name})", first_line(one)) for one in COMMANDS]),
    ]
    return "\n\n".join([*parts, *map(command, COMMANDS)]) + "\n"


def command(one: click.Command) -> str:
    """Heading, usage, what it does, and its options."""
    context = click.Context(one, info_name=f"python -m core {one.name}")
    usage = " ".join([context.command_path, *one.collect_usage_pieces(context)])
    options = [param for param in one.params if isinstance(param, click.Option) and param.name != "as_json" and "--json" not in param.opts]
    rows = [(f"`{option_text(option, context)}`", option_help(option, context)) for option in options]
    parts = [f"## {one.name}", f"```sh\n{usage}\n```", "\n\n".join(paragraphs(one))]
    return "\n\n".join([*parts, *([table(("option", "meaning"), rows)] if rows else [])])


def paragraphs(one: click.Command) -> list[str]:
    """The help text, each paragraph on one line."""
    return [" ".join(paragraph.split()) for paragraph in (one.help or "").split("\n\n")]


def first_line(one: click.Command) -> str:
    """What a command does, in a sentence."""
    return paragraphs(one)[0]


def option_text(option: click.Option, context: click.Context) -> str:
    """An option and what it takes, such as ``--seed INTEGER``."""
    taken = "" if option.is_flag else f" {option.make_metavar(context)}"
    return f"{', '.join([*option.opts, *option.secondary_opts])}{taken}"


def option_help(option: click.Option, context: click.Context) -> str:
    """What an option means, as ``--help`` says it, with its default and range."""
    _, said = option.get_help_record(context) or ("", option.help or "")
    return " ".join(said.split()) or "See `--help`."


def systems() -> str:
    """Every registered system: what it is, how large, and what was published of it."""
    head = ("key", "system", "classes", "input", "parameters", "of them trained", "published on test")
    rows = [
        (f"`{system.key}`", system.title, str(variant.n_classes), f"{system.image_size} px", f"{variant.params_total:,}",
         f"{variant.params_trainable:,}", published(variant.published))
        for system in SYSTEMS for variant in system.variants
    ]  # fmt: skip
    return "\n\n".join([
        "# Systems", MADE,
        "What `python -m core train SYSTEM` takes. The first are rebuilt from five public write-ups, the `lens_` ones are ours; "
        "`lens_small` serves experiments alone. Any backbone of `keras.applications` can be named too, such as `lens_densenet121`.",
        table(head, rows), "## Where each comes from",
        "\n".join(f"- `{system.key}`: {system.source}" for system in SYSTEMS), "## Why our figures differ from the published ones",
        "\n".join(f"- `{system.key}`, {variant.n_classes} classes: {variant.why}"
                  for system in SYSTEMS for variant in system.variants if variant.why),
    ]) + "\n"  # fmt: skip


def published(figures: dict) -> str:
    """Published figures as text; the counts behind them stay in the code."""
    told = [f"{name} {value:.3f}" for name, value in figures.items() if isinstance(value, float)]
    return "; ".join([", ".join(told), *([figures["note"]] if "note" in figures else [])]) or "–"


def settings() -> str:
    """Every setting of a recipe, as ``--set KEY=VALUE`` takes it."""
    rows = [(f"`{name}`", field.description, takes(field, "`"), f"`{shown(field.default)}`") for name, field in Recipe.model_fields.items()]
    return "\n\n".join([
        "# Settings of a recipe", MADE,
        "Each system has its own recipe; `train` and `reproduce` replace a setting with `--set KEY=VALUE`, and the Train page lists them "
        "under *All settings*. The default is what holds where a system's recipe says nothing else. `none` turns an optional one off.",
        table(("setting", "meaning", "allowed", "default"), rows),
    ]) + "\n"  # fmt: skip


def shown(value) -> str:
    """A default as it is typed on the command line."""
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value) if value != "" else '""'


def notebook() -> str:
    """The cells of ``first_model.py`` as a notebook without outputs."""
    _, *parts = re.split(r"^# %%", (DOCS / "first_model.py").read_text(encoding="utf-8"), flags=re.MULTILINE)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    made = [cell(part, f"cell-{number}") for number, part in enumerate(parts, start=1)]
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1, ensure_ascii=False) + "\n"


def cell(part: str, name: str) -> dict:
    """A cell of a notebook from what follows its mark in the text."""
    kind, _, text = part.partition("\n")
    if "[markdown]" not in kind:
        code = {"cell_type": "code", "execution_count": None, "outputs": []}
        return code | {"id": name, "metadata": {}, "source": text.strip().splitlines(keepends=True)}
    lines = re.sub(r"^# ?", "", text.strip(), flags=re.MULTILINE)
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines.splitlines(keepends=True)}


def readme() -> str:
    """The README with its tables: the measured systems of two classes, as those of ``results.md`` have them."""
    gaps = ("System", *(f"Accuracy, {images}" for images in IMAGES.values()))
    tables = {"table": ("| System | Seeds |", COLUMNS, COLUMNS), "kept": ("| System | Runs | AUC", gaps, ("System", *IMAGES))}
    text = README.read_text(encoding="utf-8")
    for name, which in tables.items():
        begin, end = marks(name)
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{results_in_short(*which)}\n{end}{rest.partition(end)[2]}"
    return text


def results_in_short(begins: str, columns: Sequence[str], titles: Sequence[str]) -> str:
    """Some columns of a table, its rows of two classes that were trained, without the intervals."""
    lines = (DOCS / "results.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(begins))
    head, *rows = [cells(line) for line in lines[start : lines.index("", start)] if not line.startswith("| ---")]
    chosen = [head.index(column) for column in columns]
    kept = [[row[place].partition(" (")[0] for place in chosen] for row in rows if is_short(row)]
    return table(titles, [[row[0].removesuffix(", 2 classes"), *row[1:]] for row in kept])


def is_short(row: list[str]) -> bool:
    """Whether a row belongs into the README: two classes, one model, and a figure."""
    return row[0].endswith("2 classes") and "mean" not in row[0] and row[2] != "–"


def cells(line: str) -> list[str]:
    """The cells of a line of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table(head, rows) -> str:
    """A Markdown table."""
    escaped = [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), ["---"] * len(head), *escaped])


def main() -> None:
    """Write every page that differs."""
    for path, text in pages().items():
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
