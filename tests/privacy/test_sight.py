"""How texts are shown, and what a masked text that came back from a form stands for."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.privacy.rules import MASKED, Sight, hide, mask, masked_facts, restore
from xiuhua.privacy.words import Kind

TEXT = "联系人张伟，电话13800005678，住3栋2单元501室"
TEXTS = st.text(alphabet="0123456789-+ 转栋单元室号楼张伟联系人业主苏Bx@.:，*", max_size=40)


def test_sight_when_kinds_are_spared_then_shows_these_alone() -> None:
    assert Sight(spared=frozenset({Kind.HOUSE})).of(TEXT) == "联系人张**，电话138****5678，住3栋2单元501室"
    assert Sight(spared=frozenset(Kind)).of(TEXT) == TEXT
    assert MASKED.of(TEXT) == "联系人张**，电话138****5678，住*栋*单元***室"


@pytest.mark.parametrize(
    ("sight", "hides"),
    [(MASKED, True), (Sight(spared=frozenset(Kind)), False), (Sight(known=("13800005678",)), True)],
    ids=["masked", "clear", "one known"],
)
def test_sight_hides_says_whether_anything_is_masked(sight: Sight, hides: bool) -> None:
    assert sight.hides(TEXT) is hides


@pytest.mark.parametrize(
    ("kind", "value", "hidden"),
    [
        (Kind.PHONE, "13812345678", "138****5678"),
        (Kind.PHONE, "12345", "****"),
        (Kind.PHONE, "", ""),
        (Kind.NAME, "王小明", "王**"),
        (Kind.NAME, "欧阳明", "欧阳**"),
        (Kind.NAME, "Mary O'Brien", "M*** O***"),
        (Kind.NAME, " ", ""),
    ],
)
def test_hide_when_the_field_says_what_it_is_then_masks_whatever_it_looks_like(
    kind: Kind, value: str, hidden: str
) -> None:
    assert hide(kind, value) == hidden


def test_restore_when_a_word_is_corrected_then_what_was_masked_stays() -> None:
    sent = mask(TEXT).replace("电话", "手机号").replace("住", "现在住")
    assert restore(sent, TEXT) == "联系人张伟，手机号13800005678，现在住3栋2单元501室"


def test_restore_when_what_was_masked_is_deleted_then_it_is_gone() -> None:
    assert restore("联系人张**，住*栋*单元***室", TEXT) == "联系人张伟，住3栋2单元501室"
    assert restore("重新写", TEXT) == "重新写"
    assert restore("", TEXT) == ""


def test_restore_when_it_would_show_what_was_masked_then_leaves_the_text_as_it_came() -> None:
    sent = "编号x138****5678x"
    assert restore(sent, TEXT) == sent


@given(TEXTS)
def test_law_what_comes_back_as_it_was_shown_is_what_it_was_or_stays_masked(text: str) -> None:
    assert restore(mask(text), text) in {text, mask(text)}


@given(TEXTS, TEXTS)
def test_law_restoring_never_shows_more_than_was_sent(sent: str, original: str) -> None:
    assert mask(restore(sent, original)) == mask(sent)


def test_facts_of_a_finding_when_masked_then_only_texts_change() -> None:
    assert masked_facts({"text": "电话13800005678", "limit": 7}) == {"text": "电话138****5678", "limit": 7}


def test_filter_when_given_a_text_then_masks_it_and_leaves_other_values() -> None:
    shown = Template("{% load privacy %}{{ text|masked }} {{ number|masked }} {{ text|masked:sight }}")
    context = Context({"text": "电话13800005678", "number": 7, "sight": Sight(spared=frozenset({Kind.PHONE}))})
    assert shown.render(context) == "电话138****5678 7 电话13800005678"
