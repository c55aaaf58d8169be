"""How to make a run again, by where it comes from."""

from core.origin import how_again
from core.planning import plan


def test_how_again():
    trained = plan("cnn1")
    assert how_again(trained) == "train it again: python -m core train cnn1 --data DATA"
    assert how_again(trained.model_copy(update={"system": "imported"})) == "bring it in again: python -m core import FILE"
    ensemble = trained.model_copy(update={"system": "ensemble", "members": ("a", "b")})
    assert how_again(ensemble) == "average its members again: python -m core ensemble a b"
