"""Short forms of names: found by rule where only one place fits, named as ambiguous where several do."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from tests.territory.ground import Importer

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import NameBook
from xiuhua.territory.queries.packs import contractions
from xiuhua.territory.rules.contractions import contracted, numeral
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words import Contracted, Contraction

RULE = Contraction("zh.ordinal", ("社区居委会", "社区"), ("新村", "路", "苑"), ("村", "期"), "第")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("2", 2), ("12", 12), ("二", 2), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("一百零五", 105)),
        *(("二〇", 20), ("两", 2), ("", None), ("二三十", None), ("新", None)),
    ],
)
def test_numeral_when_written_either_way_then_one_number(text: str, number: int | None) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("柳岸新村第二社区居委会", Contracted("柳岸", 2, "新村")),
        ("柳岸二", Contracted("柳岸", 2)),
        ("柳岸2社区", Contracted("柳岸", 2)),
        ("柳岸第二新村社区", Contracted("柳岸", 2, after="新村")),
        ("东仓一村社区", Contracted("东仓", 1, unit="村")),
        ("东仓苑二期社区", Contracted("东仓", 2, "苑", "期")),
        ("石塔路社区", Contracted("石塔", None, "路")),
        ("三八社区", Contracted("三八", None)),
        ("五一二", Contracted("五一二", None)),
        ("苑", None),
    ],
)
def test_name_when_taken_apart_then(name: str, apart: Contracted | None) -> None:
    assert contracted(fold(name), RULE) == apart


TABLE = """code,name
1,柳岸新村第一社区居委会
2,柳岸新村第二社区居委会
3,石塔路第一社区
4,石塔新村第一社区
5,东仓一村社区居委会
6,东仓第二新村社区
7,望星路社区
8,槐荫苑社区
9,荷叶浦社区
10,荷叶浦第十二社区
"""


@pytest.mark.parametrize(
    ("name", "how", "codes"),
    [
        ("柳岸二", "rule", ["2"]),
        ("柳岸新村一", "rule", ["1"]),
        ("柳岸新村2社区", "rule", ["2"]),
        ("柳岸第二", "rule", ["2"]),
        ("柳岸三", "unknown", []),
        ("柳岸", "unknown", []),
        ("柳岸路第二社区", "unknown", []),
        ("石塔一", "ambiguous", ["3", "4"]),
        ("石塔路一", "rule", ["3"]),
        ("东仓一", "rule", ["5"]),
        ("东仓二", "rule", ["6"]),
        ("东仓新村第二社区", "unknown", []),
        ("东仓二村", "unknown", []),
        ("望星", "rule", ["7"]),
        ("望星新村", "unknown", []),
        ("槐荫", "rule", ["8"]),
        ("荷叶浦", "rule", ["9"]),
        ("荷叶浦12", "rule", ["10"]),
        ("荷叶浦二", "unknown", []),
    ],
)
def test_short_form_when_looked_up_then(street: Tenant, bring: Importer, name: str, how: str, codes: list[str]) -> None:
    bring(TABLE.encode())
    match = NameBook.load(street).match(name)
    known = {one.pk: one.code for one in Territory.objects.all()}
    assert (match.how, sorted(known[key] for key in match.candidates)) == (how, codes)


def test_short_form_when_the_office_chose_no_rules_then_unknown(street: Tenant, bring: Importer) -> None:
    bring(TABLE.encode())
    street.settings = {"name_rules": []}
    assert NameBook.load(street).match("柳岸二").how == "unknown"


LIST = "cn/admin/liangxi_320213_towns_communities_2016.csv"


@pytest.fixture
def listed_2016(real_data: Path, bring: Importer) -> list[tuple[str, str, str]]:
    """The list of 2016 brought in level by level; its rows as (code, name, level)."""
    data = (real_data / LIST).read_bytes()
    for level in ("county", "town", "village"):
        parent = {} if level == "county" else {"parent_field": "parent"}
        bring(data, level=level, where=(("level", level),), **parent)
    rows = csv.DictReader(data.decode("utf-8-sig").splitlines())
    return [(row["code"], row["name"], row["level"]) for row in rows]


@pytest.mark.real
def test_list_of_2016_when_each_full_name_is_looked_up_then_it_is_itself(
    street: Tenant, listed_2016: list[tuple[str, str, str]]
) -> None:
    book, known = NameBook.load(street), {one.pk: one.code for one in Territory.objects.all()}
    found = {
        code: (book.match(name).how, known.get(book.match(name).territory_id or 0)) for code, name, _ in listed_2016
    }
    assert found == {code: ("exact", code) for code, _name, _level in listed_2016}


@pytest.mark.real
@pytest.mark.parametrize("short", ["清扬一", "沁园二"])
def test_list_of_2016_when_two_short_names_are_looked_up_then_the_rule_finds_them(
    street: Tenant, listed_2016: list[tuple[str, str, str]], short: str
) -> None:
    match = NameBook.load(street).match(short)
    found = Territory.objects.get(pk=match.territory_id)
    name = next(name for code, name, _level in listed_2016 if code == found.code)
    assert (match.how, match.rule) == ("rule", "zh.ordinal")
    assert name.startswith(short[:2])
    assert f"第{short[2]}社区" in name


@pytest.mark.real
def test_list_of_2016_when_shortened_by_rule_then_nothing_is_mistaken(
    street: Tenant, listed_2016: list[tuple[str, str, str]]
) -> None:
    book, known = NameBook.load(street), {one.pk: one.code for one in Territory.objects.all()}
    (rule,) = contractions(street)
    own = {code: name for code, name, _level in listed_2016}
    tally: Counter[str] = Counter()
    for code, name, _level in listed_2016:
        apart = contracted(fold(name), rule)
        short = (apart.core + ("" if apart.number is None else str(apart.number))) if apart else name
        match = book.match(short)
        meant = {known[key] for key in match.candidates}
        tally[match.how if match.territory_id is None or meant == {code} else "another"] += 1
        # a core can be another place's whole name, like a street's: then that place is meant, and it alone
        assert code in meant or all(own[other].startswith(short) for other in meant), (name, short)
    assert sum(tally.values()) == len(listed_2016) == 173
    assert tally["unknown"] == 0
    assert tally["rule"] + tally["exact"] > 7 * (tally["ambiguous"] + tally["another"])
