"""Which class is the healthy one and which the ill one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.classes import HEALTHY, ILL, in_order, meaning, positive_class, require_positive
from core.errors import InputError

PAIRS = [  # healthy, ill; the alphabet is wrong about many of them
    ("NORMAL", "PNEUMONIA"), ("healthy", "pneumonia"), ("sano", "neumonía"), ("Uninfected", "Infected"), ("control", "case"),
    ("normal", "abnormal"), ("No Finding", "Finding"), ("no_finding", "Consolidation"), ("negative", "positive"), ("non-COVID", "COVID-19"),
    ("saudável", "pneumonia"), ("sain", "malade"), ("gesund", "Lungenentzündung"), ("normale", "polmonite"), ("gezond", "ziek"),
    ("zdrowe", "zapalenie płuc"), ("sağlıklı", "zatürre"), ("frisk", "lungebetændelse"), ("здоровые", "пневмония"), ("正常", "肺炎"),
    ("无肺炎", "肺炎"), ("정상", "폐렴"), ("طبيعي", "التهاب رئوي"), ("طبيعي", "غير طبيعي"), ("स्वस्थ", "निमोनिया"),
    ("pas malade", "tuberculose"), ("niet ziek", "COPD"), ("tidak sakit", "TBC"), ("Un-infected", "Parasitized"), ("não doente", "doente"),
    ("nessuna polmonite", "polmonite"), ("ikke syk", "syk"), ("hasta değil", "hasta"), ("нет пневмонии", "туберкулез"),
    ("肺炎なし", "肺炎"),
    ("pneumonia_negative", "pneumonia_positive"),
    ("without_opacity", "opacity"), ("PneumoniaFree", "Pneumonia"), ("healthy", "unhealthy"), ("0_normal", "1_pneumonia"), ("no", "yes"),
    ("benign", "malignant"), ("Normal_Chest", "LungOpacity"), ("sin neumonia", "con neumonia"), ("not_pneumonia", "pneumonia"),
]  # fmt: skip


@pytest.mark.parametrize(("healthy", "ill"), PAIRS)
def test_both_names_are_understood_and_the_ill_one_is_positive(healthy, ill):
    assert (meaning(healthy), meaning(ill)) == ("healthy", "ill")
    assert in_order([ill, healthy]) == in_order([healthy, ill]) == (healthy, ill)
    assert require_positive([ill, healthy]) == ill


@pytest.mark.parametrize(("healthy", "ill"), [("sano", "b"), ("a", "pneumonia"), ("Controls", "Patients"), ("zz", "TB")])
def test_one_name_that_tells_is_enough(healthy, ill):
    assert positive_class([healthy, ill]) == ill and in_order([healthy, ill]) == (healthy, ill)


@pytest.mark.parametrize("names", [("0", "1"), ("a", "b"), ("bacteria", "virus"), ("COVID", "pneumonia"), ("healthy", "normal")])
def test_names_that_do_not_tell_are_asked_about(names):
    assert positive_class(names) is None
    with pytest.raises(InputError, match=f"do not tell which class is the illness; say it with --positive {max(names)}"):
        require_positive(names)
    for said in names:
        assert positive_class(names, said.upper()) == said == in_order(names, said)[1]


@pytest.mark.parametrize("name", ["COVID-", "pneumonia_0", "Pneumonia_No", "w/o pneumonia", "blorp pneumonia"])
def test_a_name_that_may_negate_itself_tells_nothing(name):
    assert meaning(name) is None and positive_class([name, "group b"]) is None


def test_what_a_person_says_counts_more_than_the_names():
    assert in_order(["NORMAL", "PNEUMONIA"], "normal") == ("PNEUMONIA", "NORMAL")


@pytest.mark.parametrize("names", [["NORMAL", "PNEUMONIA"], ["NORMAL"], ["NORMAL", "BACTERIAL", "VIRAL"]])
def test_a_positive_class_that_is_none_of_two_is_refused(names):
    with pytest.raises(InputError, match=r"one of two, and the data set has .*received 'cat'"):
        positive_class(names, "cat")


def test_more_classes_have_the_healthy_one_first_and_no_positive_one():
    assert in_order(["zebra", "ant", "healthy"]) == ("healthy", "ant", "zebra") and positive_class(["zebra", "ant", "healthy"]) is None


def test_no_word_means_both():
    assert not HEALTHY & ILL


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_two_names_have_an_order_that_does_not_hang_on_theirs(a, b):
    assert in_order([a, b]) == in_order([b, a])
    assert positive_class([a, b]) in (None, a, b)
