"""Sentences of the core that name options of the command line, as a page says them: by the names of its own controls."""

from __future__ import annotations

import re

RULES = (
    (r"raise the limit of (\S+) images \(--limit\), or leave it out", r"set “Training images at most” above \1, or leave it empty"),
    (r"say it with --positive .*? beside the data set", "choose it under “Which class is the illness?”"),
    (r"say so with --class-name \S+", "choose it under “Its classes are”, or rename the column"),
    (r"say which is which with --column \S+", "choose which is which in the boxes above, or rename them"),
    (r"say which column does with --column \S+", "choose it under “Column that names the image”"),
    (r"say which one with --column \S+, or leave", "choose one in the boxes above, or leave"),
    (r"\(--outputs (\w+); “Its scores are” on the page\)", r"(“Its scores are”: \1)"),
    (r"\(no --outputs (\w+)\)", "(“Its scores are”)"),
    (r"\(no --side\)", "(“Side of its pictures”)"),
    (r"--scale (caffe, torch or tf)", r"“It takes intensities from”: \1"),
    (r"give --data DATA or set PNEUMOLENS_DATA", "choose a folder of images on the Data page"),
    (r"give --classes in their order", "choose their order under “Its outputs are”"),
    (r"--classes(?: \S+)?", "“Its outputs are”"),
    (r"with --positive(?: \S+)?|--positive(?: \S+)?", "under “Which class is the illness?”"),
    (r"(?:, )?with: python -m core import FILE --like RUN", ", here as a table"),
    (r", with: python -m core import MODEL\.keras", " here"),
)


def on_page(sentence: str) -> str:
    """The sentence with the names of the page's controls in place of options."""
    for pattern, words in RULES:
        sentence = re.sub(pattern, words, sentence)
    return sentence
