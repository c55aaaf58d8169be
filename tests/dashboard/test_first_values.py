"""Each list to choose from that stands in the link leaves the page's own default out of it, and nothing else: any choice can be shared."""

import pytest

from tests.dashboard.test_hostile_text import FOLDS

ALL_OPEN = {page: dict.fromkeys(folds, "true") for page, folds in FOLDS.items()}
LOOKS = ("Mean image", "Grey levels", "Sizes")


@pytest.mark.parametrize(
    ("page", "link"),
    [*ALL_OPEN.items(), *(("data", {"data_look": look}) for look in LOOKS)],
    ids=[*ALL_OPEN, *LOOKS],
)
def test_the_default_of_a_list_is_the_value_it_has_first(models_dir, phantoms, monkeypatch, open_page, page, link):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page(page, **link)
    assert not app.exception
    bound = [one for one in app.selectbox if one.proto.query_param_key and one.options]
    assert {one.key: one.options[one.proto.default] for one in bound} == {one.key: one.options[one.index] for one in bound}
    if page in ("train", "compare") or link.get("data_look") == "Mean image":
        assert bound
