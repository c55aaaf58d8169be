import pytest

from dashboard.turns import waiting_text


@pytest.mark.parametrize(
    ("ahead", "seconds", "text"),
    [
        (1, None, "1st in line"), (2, 20.4, "2nd in line, about 20 s"), (3, 0.2, "3rd in line, about 1 s"),
        (11, 300, "11th in line, about 5 min"),
        (21, None, "21st in line"),
    ],
)  # fmt: skip
def test_the_place_in_line_in_words(ahead, seconds, text):
    assert waiting_text(ahead, seconds) == f"Others are served first: {text}"
