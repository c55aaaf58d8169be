"""Scripts that import by the earlier name go on working."""


def test_the_earlier_name_gives_the_same():
    from core import external
    from core.imports import Reference, import_model, import_predictions

    assert (Reference, import_model, import_predictions) == (external.Reference, external.import_model, external.import_predictions)
