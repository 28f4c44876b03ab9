"""A changed matrix in the browser: out as a workbook, tried on the last quarter, named and installed; its tests as a page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.responsibility.conftest import Read, office, read, write
from tests.responsibility.duty_ground import SUNDAY

from xiuhua.cases.models import Case
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import InstalledPack, LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.responsibility.rules.duty.preview import last_quarter
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory

__all__ = ["office", "read", "write"]
pytestmark = pytest.mark.usefixtures("home")

HEAD = "层次,地域,点位类型,点位,类别,星期,自,止于,责任单位,协助单位,依据"
ALL = "territory,*,,,*,,,,U,,街规"
OWNER = "owner,A,P05,,M,,,,V,W,合同"
TEST = "A1,P05,,,,M1,2026-10-04,V,owner,小区归物业"
#: B goes to W; the compounds stay V's.
CHANGED = (HEAD, "属地,*,,,*,,,,U 单位U,,街规", "属地,B 地B,,,*,,,,W,,街规", "产权或合同,A,P05,,own:M,,,,V,W,合同")
DAY = SUNDAY.isoformat()


@pytest.fixture
def lin(office: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=office, by=ana, at=at))
    return client


@pytest.fixture
def installed(office: Tenant, read: Read, ana: Actor, at: datetime) -> InstalledPack:
    """A matrix with one test, in force since the year's first day."""
    return install_pack(office, read(ALL, OWNER, tests=(TEST,)), by=ana, at=at)


@pytest.fixture
def cases(office: Tenant) -> None:
    """Three cases of the last quarter: one in A, one in B, one at A's compound."""
    first, _end = last_quarter(datetime.now(UTC).date())
    for number, code, lon in (("C1", "A2", None), ("C2", "B1", None), ("C3", "A1", 0.0005)):
        Case.objects.create(
            tenant=office,
            number=number,
            reported_at=datetime(first.year, first.month, 15, 4, tzinfo=UTC),
            case_class=CaseClass.objects.get(code="M1"),
            territory=Territory.objects.get(code=code),
            longitude=lon,
            latitude=None if lon is None else 0.0005,
        )


def _upload(client: Client, *lines: str, tests: str = "", **more: Any) -> str:
    files = {"file": SimpleUploadedFile("m.csv", "\n".join(lines).encode())}
    if tests:
        files["tests"] = SimpleUploadedFile("tests.csv", tests.encode())
    return client.post("/duty/import/", {**files, **more}).content.decode()


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(confirm|confirm_tests|name)" value="([^"]*)"', page))


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main", 1)[0]).split())


def _rows(page: str) -> list[list[str]]:
    """Return name and numbers of each line of the winners and losers."""
    found = re.findall(r'<tr><th scope="row" lang="zh"><a href="#effect-\d">(.*?)</a></th>(.*?)</tr>', page)
    return [[name, *re.findall(r">([+−]?\d+)<", cells)] for name, cells in found]


def test_import_when_tried_then_it_says_everything_and_installs_nothing(
    installed: InstalledPack, cases: None, lin: Client
) -> None:
    lines = LedgerLine.objects.count()
    page = _upload(lin, *CHANGED)
    text = _text(page)
    assert _rows(page) == [
        ["单位W", "0", "1", "+1", "0"],
        ["单位U", "2", "1", "0", "−1"],
        ["单位V", "1", "1", "0", "0"],  # nothing changes: folded away
    ]
    assert "共 3 件，会换单位的 1 件，新矩阵下有冲突的 0 件。" in text
    assert "用例通过 1" in text
    assert "空白 0 格 冲突 0 格 用不上的行 0 行" in text
    assert 'value="2"' in page
    assert (LedgerLine.objects.count(), InstalledPack.objects.count()) == (lines, 1)


def test_import_when_confirmed_then_the_version_speaks_from_its_day_and_history_stays(
    installed: InstalledPack, lin: Client
) -> None:
    hidden = _hidden(_upload(lin, *CHANGED))
    answer = lin.post("/duty/import/", {**hidden, "version": "2027", "effective": "2027-01-01"}, follow=True)
    assert answer.redirect_chain == [("/duty/?day=2027-01-01", 302)]
    assert "已装上 duty/street@2027：3 行，自 2027-01-01 起生效。" in answer.content.decode()
    new = InstalledPack.objects.get(version="2027")
    assert (new.effective_from, MatrixRow.objects.filter(pack=new).count()) == (date(2027, 1, 1), 3)
    assert new.files["tests.csv"] == installed.files["tests.csv"]
    assert new.provenance == {"source": "m.csv"}
    line = LedgerLine.objects.filter(verb="pack.install").latest("pk")
    assert (line.actor, line.after) == ("user:lin", new.digest)
    asked = {"class": "own:M1", "territory": "B1"}
    assert "由单位U负责" in _text(lin.get("/duty/who/", {**asked, "day": "2026-12-31"}).content.decode())
    assert "由单位W负责" in _text(lin.get("/duty/who/", {**asked, "day": "2027-01-01"}).content.decode())
    assert list((Path(django_settings.HOME) / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("version", "effective", "field", "said"),
    [
        ("1", "2027-01-01", "id_version", "duty/street@1 已装过"),
        ("2", "2026-01-01", "id_effective", "不晚于已装的"),
        ("2", "soon", "id_effective", "生效日请写成"),
        ("a b", "2027-01-01", "id_version", "版本号用字母"),
        ("", "2027-01-01", "id_version", "版本号用字母"),
    ],
)
def test_import_when_version_or_day_is_wrong_then_it_says_so_and_keeps_what_was_tried(
    installed: InstalledPack, lin: Client, version: str, effective: str, field: str, said: str
) -> None:
    hidden = _hidden(_upload(lin, *CHANGED))
    answer = lin.post("/duty/import/", {**hidden, "version": version, "effective": effective})
    page = answer.content.decode()
    assert (answer.status_code, InstalledPack.objects.count()) == (422, 1)
    assert f'<a href="#{field}">' in page
    assert said in _text(page)
    assert _hidden(page) == hidden


def test_import_when_cells_are_wrong_then_each_is_named_by_the_tables_own_row(
    installed: InstalledPack, lin: Client
) -> None:
    # an empty line and an example in between: rows are those of the file
    wrong = (HEAD, CHANGED[1], ",,,,,,,,,,", "示例,*,,,*,,,,U,,x", "属地,X,,,*,,,,Z,,街规")
    page = _upload(lin, *wrong)
    found = re.findall(r'<tr><th scope="row" class="num">(\d+)</th><td>(\w+)</td><td>(.*?)</td></tr>', page)
    assert found == [
        ("5", "territory", "没有代码为“X”的地域。"),
        ("5", "unit", "没有单位“Z”。"),
    ]
    assert _hidden(page) == {}


def test_import_when_a_test_fails_then_it_cannot_be_installed_until_the_tests_change_too(
    installed: InstalledPack, lin: Client
) -> None:
    changed = (HEAD, CHANGED[1], "产权或合同,A,P05,,own:M,,,,W,,新合同")
    page = _upload(lin, *changed)
    assert "有 1 条用例不过" in _text(page)
    assert "✗ 不过" in _text(page)
    assert "confirm" not in _hidden(page)
    tests = installed.files["tests.csv"].replace(",V,owner", ",W,owner")
    page = _upload(lin, *changed, tests=tests)
    assert "✓ 通过" in _text(page)
    answer = lin.post("/duty/import/", {**_hidden(page), "version": "2", "effective": "2027-01-01"})
    assert answer.status_code == 302
    assert InstalledPack.objects.get(version="2").files["tests.csv"] == tests


def test_import_when_a_failing_matrix_is_confirmed_by_hand_then_it_is_refused(
    installed: InstalledPack, lin: Client
) -> None:
    hidden = _hidden(_upload(lin, *CHANGED))
    bad = (HEAD, CHANGED[1])
    _upload(lin, *bad)
    folder = Path(django_settings.HOME) / "uploads"
    digests = {one.name.partition("-")[2] for one in folder.iterdir()} - {hidden["confirm"]}
    form = {"confirm": digests.pop(), "version": "2", "effective": "2027-01-01"}
    assert lin.post("/duty/import/", form).status_code == 422
    assert InstalledPack.objects.count() == 1


def test_import_when_the_first_matrix_comes_from_a_table_then_nothing_need_be_installed(
    office: Tenant, cases: None, lin: Client
) -> None:
    assert 'href="/duty/import/"' in lin.get("/duty/").content.decode()
    hidden = _hidden(_upload(lin, *CHANGED))
    assert lin.post("/duty/import/", {**hidden, "version": "1", "effective": "2026-01-01"}).status_code == 302
    assert str(InstalledPack.objects.get()) == "duty/street@1"


def test_import_without_a_file_or_with_one_that_is_gone_then_it_says_what_to_do(
    installed: InstalledPack, lin: Client
) -> None:
    assert "请选一个文件。" in lin.post("/duty/import/", {}).content.decode()
    gone = {"confirm": "0" * 64, "version": "2", "effective": "2027-01-01"}
    assert "试运行的文件已经不在了" in lin.post("/duty/import/", gone).content.decode()


def test_sheet_when_brought_back_unchanged_then_nobody_gains_or_loses(
    installed: InstalledPack, cases: None, lin: Client
) -> None:
    book = lin.get("/duty/table.xlsx").content
    page = load_workbook(BytesIO(book)).worksheets[0]
    assert [row[8] for row in page.iter_rows(min_row=2, values_only=True)] == ["U 单位U", "V 单位V"]
    file = SimpleUploadedFile("m.xlsx", book)
    text = _text(lin.post("/duty/import/", {"file": file}).content.decode())
    assert "共 3 件，会换单位的 0 件" in text


def test_tests_page_shows_expected_and_got_with_the_row_and_the_mark(
    office: Tenant, installed: InstalledPack, lin: Client
) -> None:
    page = lin.get("/duty/tests/", {"day": DAY}).content.decode()
    assert "1 条，通过 1 条。" in _text(page)
    line = re.search(r'<tr id="test-2">(.*?)</tr>', page)
    assert line
    assert " ".join(re.sub(r"<[^>]+>", " ", line[1]).split()) == (
        "✓ 通过 2 地A1 · P05（各处） 类M · 类M1 2026-10-04 周日 单位V 产权或合同 单位V 产权或合同 "
        "第 3 行 地A · P05（各处） · 类M 小区归物业"
    )
    assert f'href="/duty/rows/?day={DAY}#line-3"' in page
    assert lin.get("/duty/tests/table.csv").content.decode() == installed.files["tests.csv"]


def test_tests_page_when_the_office_changed_since_then_a_test_fails_in_words_and_shape(
    office: Tenant, installed: InstalledPack, lin: Client
) -> None:
    MatrixRow.objects.filter(pack=installed).delete()  # the page tries the pack's own rows, not what was made of them
    assert "✓ 通过" in _text(lin.get("/duty/tests/").content.decode())
    Territory.objects.filter(code="A1").update(code="A9")
    text = _text(lin.get("/duty/tests/").content.decode())
    assert "没有代码为“A1”的地域。" in text


def test_tests_page_without_tests_or_without_a_matrix_says_so(
    office: Tenant, lin: Client, read: Read, ana: Actor, at: datetime
) -> None:
    assert "还没有责任矩阵" in _text(lin.get("/duty/tests/").content.decode())
    install_pack(office, read(ALL), by=ana, at=at)
    assert "这个矩阵没有带用例" in _text(lin.get("/duty/tests/").content.decode())
    assert lin.get("/duty/tests/table.csv").status_code == 404


def _cells(client: Client, *, day: str = DAY) -> list[int]:
    """Return the numbers that the map says of the whole: clear cells, gaps, conflicts, idle rows."""
    page = client.get("/duty/map/", {"day": day}).content.decode()
    figures = page.split("xw-duty-four", 1)[1].split("</div></div>", 1)[0]
    return [int(one.replace(",", "")) for one in re.findall(r">([\d,]+)<", figures)][:4]


def test_figures_when_anything_they_read_changes_then_they_change_at_once(
    office: Tenant, installed: InstalledPack, lin: Client, read: Read, ana: Actor, at: datetime
) -> None:
    before = _cells(lin)
    assert before == _cells(lin) == [6 * 3 * 366, 0, 0, 0]
    # a site more: one more place in B1
    box = {"min_lon": 0.0025, "max_lon": 0.0025, "min_lat": 0.0005, "max_lat": 0.0005}
    own = {"tenant": office, "code": "P07-1", "name": "市场", "type": "P07", "reach_m": 10, "crs": "wgs84"}
    shape = shapely.to_wkb(shapely.Point(0.0025, 0.0005))
    site = Site.objects.create(**own, **box, geometry=shape, territory=Territory.objects.get(code="B1"))
    more = _cells(lin)
    assert more[0] > before[0]
    # the same site at the place of another: they lie over each other, which only shapes can say
    other = Site.objects.get(code="P05-1")
    moved = {name: getattr(other, name) for name in (*box, "geometry", "territory")}
    Site.objects.filter(pk=site.pk).update(**moved)
    assert _cells(lin)[0] not in {before[0], more[0]}
    site.delete()
    assert _cells(lin) == before
    # a new version of the matrix leaves all of B without a unit
    install_pack(office, read("territory,A,,,*,,,,U,,街规", version="2", day="2026-10-05"), by=ana, at=at)
    assert _cells(lin, day="2026-10-05")[1] > 0
    # a unit of B's own answers there
    Body.objects.filter(code="W").update(territory=Territory.objects.get(code="B"))
    assert _cells(lin, day="2026-10-05")[1] == 0


def test_two_offices_with_different_matrices_never_answer_for_each_other(
    office: Tenant, installed: InstalledPack, lin: Client, read: Read, ana: Actor, at: datetime
) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    Territory.objects.create(tenant=other, code="A1", level="grid").versions.create(name="彼处")
    CaseClass.objects.create(tenant=other, scheme="own", code="M1", name="类M1")
    Body.objects.create(tenant=other, code="U", name="彼单位")
    install_pack(other, read("territory,A1,,,own:M1,,,,U,,彼规", version="9"), by=ana, at=at)
    eli = Client()
    eli.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    asked = {"class": "own:M1", "territory": "A1", "day": DAY}
    assert "由单位U负责" in _text(lin.get("/duty/who/", asked).content.decode())
    assert "由彼单位负责" in _text(eli.get("/duty/who/", asked).content.decode())
    assert _cells(lin) == [6 * 3 * 366, 0, 0, 0]
    assert _cells(eli) == [366, 0, 0, 0]
    assert "duty/street@9" in eli.get("/duty/tests/").content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lon": "50", "lat": "50"}, ["由单位U负责", "这里不在任何地域的边界里：只有不限地域的行答得上。"]),
        (
            {"territory": "A1", "day": "2025-12-31"},
            [
                "没有人负责",
                "2025-12-31 周三还没有矩阵：最早的一版自 2026-01-01 起生效，那天只有地域自己的单位兜底。",
            ],
        ),
        (
            {"territory": "A1", "class": "old:X1"},
            ["由单位U负责", "这个类别属于标准 old，矩阵按 own 分工：只有不限类别的行答得上。"],
        ),
    ],
    ids=["outside", "before the first version", "another standard"],
)
def test_question_at_the_edge_is_answered_and_says_what_to_mind(
    office: Tenant, installed: InstalledPack, lin: Client, given: dict[str, str], said: list[str]
) -> None:
    CaseClass.objects.create(tenant=office, scheme="old", code="X1", name="旧类")
    asked = {"class": "own:M1", "day": DAY, **given}
    text = _text(lin.get("/duty/who/", asked).content.decode())
    assert [one for one in said if one not in text] == []
    body = lin.get("/api/v1/duty/who", asked).json()
    assert body["cautions"] == said[1:]
