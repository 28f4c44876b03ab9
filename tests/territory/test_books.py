"""Which territory a written name or code means; several are never a guess."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.territory.ground import Importer

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import ExternalCode, Territory
from xiuhua.territory.queries import CodeBook, NameBook
from xiuhua.territory.queries.packs import NamePackMalformed, NamePackUnknown, name_rules

TABLE = """code,name,other
1,胜利门社区居委会,胜利新村
2,清名桥街道,
3,清名桥社区,南长街社区
4,Allston,
5,Mattapan,
6,广益,
7,广益,
8,红星村,大庄
9,大庄社区,
10,小庄村,小庄片
11,小庄社区,
"""


@pytest.fixture
def book(street: Tenant, bring: Importer) -> NameBook:
    """The names of the table above under the rules that ship."""
    bring(TABLE.encode(), alias_field="other")
    return NameBook.load(street)


@pytest.mark.parametrize(
    ("name", "how", "codes", "rule"),
    [
        ("胜利门社区居委会", "exact", ["1"], ""),
        (" ＡＬＬＳＴＯＮ ", "exact", ["4"], ""),
        ("胜利新村", "alias", ["1"], ""),
        ("胜利门社区", "rule", ["1"], "zh.community"),
        ("胜利门", "rule", ["1"], "zh.community"),
        ("清名桥街道办事处", "rule", ["2"], "zh.street"),
        ("南长街居委会", "rule", ["3"], "zh.community"),
        ("清名桥", "ambiguous", ["2", "3"], ""),
        ("广益", "ambiguous", ["6", "7"], ""),
        ("广益社区", "ambiguous", ["6", "7"], ""),
        ("大庄社区", "exact", ["9"], ""),
        ("大庄", "alias", ["8"], ""),
        ("小庄", "ambiguous", ["10", "11"], ""),
        ("小庄村委会", "rule", ["10"], "zh.village"),
        ("Allston / Brighton", "unknown", [], ""),
        ("Greater Mattapan", "unknown", [], ""),
        ("社区", "unknown", [], ""),
        ("", "unknown", [], ""),
    ],
)
def test_name_when_looked_up_then(book: NameBook, name: str, how: str, codes: list[str], rule: str) -> None:
    match = book.match(name)
    known = {one.pk: one.code for one in Territory.objects.all()}
    found = sorted((known[key] for key in match.candidates), key=int)
    assert (match.how, found, match.rule) == (how, codes, rule)
    assert match.territory_id == (match.candidates[0] if how in {"exact", "alias", "rule"} else None)


def test_name_when_a_day_is_given_then_only_territories_of_that_day(street: Tenant, bring: Importer) -> None:
    bring("code,name\n009,清名桥街道\n".encode())
    bring("code,name\n022,清名桥街道\n".encode(), effective="2023-01-01", end_absent=True)
    book = NameBook.load(street)
    known = {one.code: one.pk for one in Territory.objects.all()}
    assert [book.match("清名桥", day).territory_id for day in (date(2022, 1, 1), date(2023, 1, 1), None)] == [
        known["009"],
        known["022"],
        None,
    ]


@pytest.mark.parametrize(("book", "queries"), [(NameBook, 2), (CodeBook, 5)], ids=["names", "codes"])
def test_books_when_loaded_then_their_queries_do_not_grow(
    street: Tenant, bring: Importer, django_assert_num_queries: object, book: type[NameBook | CodeBook], queries: int
) -> None:
    bring(TABLE.encode())
    with django_assert_num_queries(queries):  # type: ignore[operator]
        book.load(street)


def test_code_when_own_or_anothers_then_found_and_never_guessed(street: Tenant, bring: Importer) -> None:
    bring("code,name\n001,甲\n002,乙\n".encode())
    first, second = Territory.objects.order_by("code")
    for territory, code in ((first, "A"), (first, "002"), (first, "B"), (second, "B")):
        ExternalCode.objects.create(territory=territory, system="city", code=code)
    book = CodeBook.load(street)
    assert [book.find(code) for code in (" 001 ", "002", "A", "B", "1", "")] == [
        first.pk,
        second.pk,
        first.pk,
        None,
        None,
        None,
    ]


def test_rules_when_the_office_chose_none_then_none(street: Tenant) -> None:
    street.settings = {"name_rules": []}
    assert name_rules(street) == ()


def test_rules_when_the_chosen_pack_is_missing_then_refused(street: Tenant) -> None:
    street.settings = {"name_rules": ["nowhere"]}
    with pytest.raises(NamePackUnknown):
        name_rules(street)


@pytest.mark.parametrize(
    "text",
    ["schema = ", 'schema = 2\ncode = "x"\nrule = []', 'schema = 1\ncode = "x"\n[[rule]]\nid = "a"\nsuffixes = []'],
    ids=["not toml", "another schema", "no suffix"],
)
def test_rules_when_the_pack_is_malformed_then_refused(
    street: Tenant, tmp_path: Path, settings: object, text: str
) -> None:
    settings.PACKS = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "mine.toml").write_text(text, encoding="utf-8")
    street.settings = {"name_rules": ["mine"]}
    with pytest.raises(NamePackMalformed):
        name_rules(street)
