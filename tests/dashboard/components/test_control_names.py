"""Sentences of the core on a page: no option of the command line is left in them."""

import pytest

from core.datasets.classes import require_positive
from core.errors import InputError
from core.external import model
from dashboard.components.control_names import on_page

SENTENCES = {
    "If these are logits, say so (--outputs logits; “Its scores are” on the page); else end it in a softmax.": "(“Its scores are”: logits)",
    "say probabilities instead (no --outputs logits).": "instead (“Its scores are”)",
    "leave the side open (no --side).": "leave the side open (“Side of its pictures”)",
    "if that is another name for one, say so with --class-name pneu=….": "choose it under “Its classes are”",
    "Where they have other names, say which is which with --column p_PNEUMONIA=….": "choose which is which in the boxes above",
    "or say which column does with --column sample_id=….": "“Column that names the image”",
    model.NO_IMAGES: "choose a folder of images on the Data page",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_options_become_the_names_of_controls(sentence):
    assert SENTENCES[sentence] in on_page(sentence) and "--" not in on_page(sentence)


def test_the_ill_class_is_chosen_on_the_page():
    with pytest.raises(InputError) as refused:
        require_positive(("a", "b"), None)
    assert on_page(str(refused.value)).endswith("choose it under “Which class is the illness?”.")
