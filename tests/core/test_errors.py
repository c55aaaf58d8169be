"""The one error of bad input."""

from core.errors import InputError


def test_it_is_a_value_error_that_shows_its_sentence_alone():
    assert issubclass(InputError, ValueError)
    assert str(InputError("There is no file 'a'; check the path.")) == "There is no file 'a'; check the path."
