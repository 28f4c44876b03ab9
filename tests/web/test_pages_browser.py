"""Every page, as its users open it: phone and desk, Chinese and English, large type; and every number opens its list."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page
from tests.web.addresses import names
from tests.web.conftest import DESK, PHONE, Opener, Site
from tests.web.figures import one_of_each
from tests.web.hands import follow, press
from tests.web.looks import shuts_out, sideways
from tests.web.windows import Cookies

pytestmark = pytest.mark.browser

SHEET = "/ranking/990101001001/"
PAGES = {
    "month": "/",
    "month by unit": "/?by=unit",
    "an earlier month": "/?month=2026-02",
    "a month nobody assessed": "/?month=2019-01",
    "ranking": "/ranking/",
    "ranking by report": "/ranking/?month_by=reported",
    "sheet": SHEET,
    "analysis": "/analysis/",
    "analysis by unit": "/analysis/?by=unit",
    "sheet of who is on the black list": "/ranking/990101001005/",
    "sheet of a unit": "/ranking/U01/?by=unit",
    "own page of who answers for nothing": "/mine/",
    "early warning": "/warning/",
    "lists": "/lists/",
    "map": "/map/",
    "map of overdue": "/map/?value=overdue_open",
    "map without outlines": "/map/?by=unit",
    "recurrent places": "/analysis/again/",
    "map in layers": "/analysis/map/?month=2026-09",
    "map in layers, by unit": "/analysis/map/?by=unit&layers=again,hot",
    "desk": "/desk/",
    "desk of what nothing matches": "/desk/?q=nothing-like-this",
    "keys of the desk": "/desk/help/",
    "bulletins": "/bulletins/",
    "bulletins that were given up": "/bulletins/?state=abandoned",
    "bulletin": "/bulletins/1/",
    "versions of a bulletin": "/bulletins/1/versions/",
    "bulletin on paper": "/bulletins/1/paper/",
    "cases": "/cases/",
    "cases that match nothing": "/cases/?q=nothing-like-this",
    "case": "/cases/100/",
    "case due otherwise than the platform says": "/cases/205/",
    "new report": "/report/new/",
    "suspended": "/suspended/",
    "supervised": "/supervised/",
    "requests": "/requests/",
    "differences": "/differences/",
    "differences of a month nobody assessed": "/differences/?month=2019-01",
    "calendar": "/clock/?year=2026",
    "calendar not announced": "/clock/?year=2027",
    "deadline form": "/clock/deadline/",
    "deadline": "/clock/deadline/?start=2025-09-26T16:00&amount=3&unit=work_day&extensions=1",
    "deadline refused": "/clock/deadline/?start=&amount=x&unit=work_day",
    "imports": "/imports/",
    "import": "/imports/1/",
    "sending of a file": "/imports/new/",
    "reconciliation": "/reconcile/",
    "reconciliation of a kind without any": "/reconcile/?kind=unit",
    "import-photos": "/imports/1/photos/",
    "exports": "/exports/?what=cases&q=abc",
    "meeting": "/meeting/",
    "sites": "/sites/",
    "sites of a type in a community": "/sites/?type=P10&territory=990101001001",
    "sites that match nothing": "/sites/?q=nothing-like-this",
    "import of sites": "/sites/import/",
    "tokens": "/account/tokens/",
    "units": "/units/",
    "units from cases only": "/units/?known=no",
    "import of units": "/units/import/",
    "records": "/imports/1/records/?what=unplaced",
    "findings": "/imports/1/findings/?code=name_unknown",
    "duty": "/duty/",
    "duty of one community and main class": "/duty/?territory=990101001001&main=demo-street:event.01",
    "who is responsible": "/duty/who/",
    "who is responsible at a point": "/duty/who/?class=暴露垃圾&lon=123.0458990&lat=31.4166129&day=2026-10-04",
    "who is responsible when asked wrongly": "/duty/who/?class=暴露垃圾&lon=abc&day=x",
    "map of duty": "/duty/map/",
    "rows of duty": "/duty/rows/",
    "gaps of duty": "/duty/found/gaps/",
    "who is responsible outside of everything and before any matrix": "/duty/who/?class=暴露垃圾&lon=1&lat=1&day=2020-01-01",
    "who is responsible in a community": "/duty/who/?class=暴露垃圾&territory=990101001001",
    "tests of duty": "/duty/tests/",
    "change of duty": "/duty/import/",
    "people": "/people/",
    "invitation": "/invite/",
    "people who match nothing": "/people/?q=nothing-like-this",
    "person": "/people/sweeper/",
    "handover": "/people/sweeper/handover/",
    "territories": "/territory/",
    "territory": "/territory/990101001001/",
    "outline": "/territory/990101001001/outline/",
    "own account": "/account/",
    "change of the password": "/account/password/",
    "begin of a second factor": "/account/second/",
    "forgotten password": "/forgot/",
    "standards": "/standards/",
    "standards of the country": "/standards/?scheme=cn-national&main=all",
    "standards that match nothing": "/standards/?q=nothing-like-this",
    "standards old and new": "/standards/old-and-new/",
    "inbox": "/inbox/",
    "unread": "/inbox/?unread=1",
    "wishes": "/inbox/wishes/",
}


def _ids(pages: dict[str, str]) -> list[str]:
    return [name.replace(" ", "-") for name in pages]


@pytest.mark.parametrize("path", PAGES.values(), ids=_ids(PAGES))
def test_page_when_read_in_chinese_then_shuts_nobody_out_at_any_size(visit: Opener, path: str) -> None:
    page = visit(path, size=PHONE)
    on_phone = shuts_out(page)
    words = _latin(page)
    over = sideways(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    assert {"phone": on_phone, "words": words, "over": over, "desk": shuts_out(page)} == {
        "phone": [],
        "words": [],
        "over": 0,
        "desk": [],
    }


@pytest.mark.parametrize("path", PAGES.values(), ids=_ids(PAGES))
def test_page_when_read_in_english_then_fits_and_no_chinese_sentence_is_left(visit: Opener, path: str) -> None:
    page = visit(path, size={"width": 320, "height": 700}, language="en")
    assert {"over": sideways(page), "words": _chinese(page)} == {"over": 0, "words": []}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_month_when_on_a_phone_then_it_fits_without_scrolling(visit: Opener, language: str) -> None:
    page = visit("/", size=PHONE, language=language)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    assert page.locator(".xh-fig").count() == 5


def _words(page: Page) -> str:
    """Return what the page says, without what is data: the content of cells, names, numbers."""
    return str(
        page.evaluate(
            """() => { const copy = document.body.cloneNode(true);
            for (const e of copy.querySelectorAll('tbody, dd, textarea, .xw-rows, option, .xh-bar-name, .xh-menu-who, .xh-map, h1, .xw-say,'
              + '.xw-duty-grid thead, .xw-duty-answer, .xw-duty-why, .xw-duty-chain p, .xw-duty-map, .xh-crumbs, '
              + '.xw-crumbs, .xh-facts, .xh-head p, .xh-story, script, kbd, [lang], .xw-posts li, .xw-post, .xt-near li, .xt-mapbox, .xt-facts, .xh-fig, .xh-chips, .xh-sheet > p, .xw-cells, .xw-sites svg, .xo-do, code')) e.remove();
            return copy.textContent }"""
        )
    )


#: Pages that no fixed address opens → the test in which they are looked at.
ELSEWHERE = {
    **dict.fromkeys(("channels", "worker"), "test_notices_browser"),
    **dict.fromkeys(("gallery", "login"), "test_gallery_browser"),
    **dict.fromkeys(("intake", "intake-mapping"), "test_wizard_browser"),
    **dict.fromkeys(("second-step", "recovery", "second-off"), "test_accounts_browser"),
    **dict.fromkeys(("post-change", "frozen", "move", "invitation", "reset"), "the tests of pages behind links"),
    "set-up": "test_accounts (there is no account yet, so no site to open it on)",
    "triage-bulk": "test_triage_browser",
}
#: Addresses that answer with a file, with data for a script, or only take a form.
NO_PAGE = re.compile(
    r"-(sheet|list|template|table|zip|own|photos|piece|state|marked|filled|file|do|undo|act|watch|release|views|look|many|settle"
    r"|switch|read|decide|revoke|again|begin)$|^(account-do|add-photos|assess|clear-texts|language|logout|look|photo|sessions"
    r"|reveal-reporter|stylesheet|undo|outline-undo|case-photos|bulletin-new|digest-day)$"
)


@pytest.mark.django_db
def test_address_when_the_resolver_has_it_then_its_page_is_looked_at_somewhere() -> None:
    opened = {resolve(path.partition("?")[0]).view_name for path in PAGES.values()}
    left = {name.removeprefix("desk:") for name in set(names()) - opened if name.startswith("desk:")}
    assert {name for name in left - ELSEWHERE.keys() if not NO_PAGE.search(name)} == set()
    assert ELSEWHERE.keys() - left == set()


def _clean(page: Page) -> None:
    """Look at a page as it stands, then on a phone and on the narrowest one."""
    assert shuts_out(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert shuts_out(page) == []
    assert sideways(page) == 0


def test_page_when_it_is_behind_a_figure_then_it_shuts_nobody_out(visit: Opener) -> None:
    page = visit("/")
    follow(page, page.locator("a[href*='/frozen/']").first)
    assert "/frozen/" in page.url
    _clean(page)


def test_meeting_when_a_pack_is_asked_for_then_its_progress_shuts_nobody_out(visit: Opener) -> None:
    page = visit("/meeting/")
    page.click("main form button.main")
    page.wait_for_selector("[data-poll]")
    _clean(page)
    page.click("button[value=stop]")
    page.wait_for_selector("[data-poll]", state="detached")


@pytest.mark.parametrize("verb", ["file", "decline", "correct", "merge", "comment"])
def test_form_of_a_move_when_opened_then_it_shuts_nobody_out(visit: Opener, verb: str) -> None:
    case = visit("/desk/?queue=reported").locator("#xt-case").get_attribute("data-case")
    _clean(visit(f"/cases/{case}/move/{verb}/"))


def test_pages_of_an_account_when_its_owner_is_invited_then_each_shuts_nobody_out(visit: Opener, site: Site) -> None:
    page = visit("/people/sweeper/")
    follow(page, page.locator("a[href*='/posts/']").first)
    assert "/posts/" in page.url
    _clean(page)
    page = visit("/invite/")
    page.fill("input[name=username]", "newcomer")
    page.fill("input[name=name]", "新来的")
    follow(page, "main button[type=submit]")
    link = page.input_value("#id_link")
    _clean(page)
    _clean(visit("/" + link.split("/", 3)[3]))
    page = visit("/people/dispatch/")
    follow(page, "button[value=link]")
    _clean(visit("/" + page.input_value("#id_link").split("/", 3)[3]))


def _chinese(page: Page) -> list[str]:
    """Return the lines of an English page that are Chinese and no data."""
    said = [line.strip() for line in _words(page).splitlines()]
    made_up = ("星汉区城运平台（虚构）", "基本方案")
    chinese = [line for line in said if re.search(r"[\u4e00-\u9fff]{2}", line)]
    return [line for line in chinese if not any(name in line for name in made_up)]


#: English words that a Chinese page may show: commands, keys, a format, the language.
ALLOWED = frozenset(
    (
        "xiuhua",
        "import",
        "complete",
        "cases",
        "mapping",
        "territory",
        "geojson",
        "level",
        "name",
        "field",
        "basic",
        "scheme",
        "assess",
        "English",
        "shell",
        "root",
        "Excel",
        "Ctrl",
        "Delete",
        "Shift",
        "Enter",
        "PageDown",
        "PageUp",
        "GeoJSON",
    )
)


def _latin(page: Page) -> list[str]:
    """Return the English words of a Chinese page."""
    said = re.sub(r"\b[0-9a-f]{8,}\b", "", _words(page))  # digests are no words
    return sorted(set(re.findall(r"[A-Za-z]{4,}", said)) - ALLOWED)


COUNTED = (
    "/",
    "/?by=unit&month=2026-03",
    "/standards/",
    "/standards/old-and-new/",
    "/ranking/",
    SHEET,
    "/ranking/990101001005/",
    "/imports/1/",
    "/differences/",
    "/ranking/?by=unit&month=2026-03",
    "/sites/",
    "/analysis/",
    "/analysis/again/",
    "/analysis/map/?month=2026-09",
)


@pytest.fixture(scope="module")
def total(site: Site, chromium: Browser, cookies_of: Callable[[str], Cookies]) -> Iterator[Callable[[str], int | None]]:
    """How many a list says it has, by its address: pages share most of their lists, and each is opened once."""
    context = chromium.new_context(base_url=site.url)
    context.add_cookies(cookies_of(site.username))  # type: ignore[arg-type]

    @functools.cache
    def said(address: str) -> int | None:
        found = re.search(r'data-total="(\d+)"', context.request.get(address).text())
        return int(found[1]) if found else None

    yield said
    context.close()


@pytest.mark.parametrize("path", COUNTED)
def test_number_when_opened_then_its_list_has_the_same_count(
    visit: Opener, path: str, total: Callable[[str], int | None]
) -> None:
    page = visit(path)
    links = page.eval_on_selector_all(
        "a[data-count]", "all => all.map(a => [a.getAttribute('href'), Number(a.dataset.count)])"
    )
    assert links
    for href, count in one_of_each(links):
        assert (href, total(href)) == (href, count)


def test_month_when_each_number_is_opened_then_its_list_has_that_many(visit: Opener) -> None:
    page = visit("/")
    links = page.eval_on_selector_all(".xh-fig a, a.xh-fig, .xw-say a", "all => all.map(a => [a.href, a.textContent])")
    counted = 0
    for href, text in links:
        body = page.request.get(href).text()
        total = re.search(r'data-total="(\d+)"', body)
        assert total, href
        number = re.search(r"([\d,]+)\s*件", text)
        if number and "件已结" not in text:
            counted += 1
            assert int(number[1].replace(",", "")) == int(total[1]), text
    assert counted >= 3


def test_map_when_driven_by_keyboard_then_a_territory_opens_its_sheet(visit: Opener) -> None:
    page = visit("/map/")
    page.locator(".xh-map a").first.focus()
    press(page, "Enter")
    assert "/ranking/" in page.url
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("value", ["score", "on_time", "overdue_open"])
def test_map_when_pointed_at_then_it_says_name_and_k_of_n(visit: Opener, value: str) -> None:
    titles = visit(f"/map/?value={value}").locator(".xh-map a title").all_text_contents()
    assert len(titles) == 12
    assert all(re.search(r"社区.*\d+ / \d+ 件", title) for title in titles)


def test_cases_when_filtered_then_the_address_keeps_the_filter(visit: Opener) -> None:
    page = visit("/cases/")
    page.select_option("select[name=stage]", "void")
    follow(page, "main button[type=submit]")
    assert "stage=void" in page.url
    total = int(page.locator("[data-total]").get_attribute("data-total") or 0)
    assert 0 < total < 9000
    follow(page, "thead a >> nth=0")
    assert "stage=void" in page.url
    assert "sort=" in page.url


@pytest.mark.parametrize("path", ["/", "/ranking/", "/cases/", "/map/"])
def test_page_when_in_large_type_then_axe_finds_nothing(visit: Opener, path: str, site: object) -> None:
    page = visit(path, size=PHONE)
    page.context.add_cookies([{"name": "xh_size", "value": "elder", "url": page.url}])
    page.reload()
    assert page.locator("html").get_attribute("data-size") == "elder"
    assert shuts_out(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 412


@pytest.mark.parametrize("theme", ["dark", "field"])
@pytest.mark.parametrize("path", ["/", "/ranking/", "/cases/100/"])
def test_page_when_in_another_theme_then_axe_finds_nothing(visit: Opener, path: str, theme: str) -> None:
    page = visit(path)
    page.context.add_cookies([{"name": "xh_theme", "value": theme, "url": page.url}])
    page.reload()
    assert shuts_out(page) == []


def test_registers_when_opened_from_the_roof_then_they_are_there(visit: Opener) -> None:
    page = visit("/")
    page.click(".xh-bar-group:has(a[href='/sites/']) > summary")
    follow(page, ".xh-bar-group a[href='/sites/']")
    assert page.locator("[data-total]").get_attribute("data-total") == "600"
    assert page.locator(".xw-sites circle").count() == 600


def test_registers_when_on_a_phone_then_the_menu_leads_to_them(visit: Opener) -> None:
    page = visit("/", size=PHONE)
    page.click(".xh-bar-end > .xh-menu > summary")
    follow(page, ".xh-menu-places a[href='/units/']")
    assert page.locator("[data-total]").get_attribute("data-total") == "25"


def test_sites_when_brought_in_by_hand_then_tried_first_and_faults_by_row(visit: Opener) -> None:
    page = visit("/sites/import/")
    table = "编码,名称,类型编码,经度,纬度\nX-1,甲,P99,123.05,31.41\n".encode()
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": table})
    follow(page, "form[enctype] button")
    assert page.locator("tbody tr").all_text_contents()[0].startswith("2类型编码点位类型“P99”")
    assert shuts_out(page) == []
    good = {"name": "a.csv", "mimeType": "text/csv", "buffer": table.replace(b"P99", b"P10")}
    page.set_input_files("input[type=file]", good)
    follow(page, "form[enctype] button")
    assert page.locator(".xh-fig").all_text_contents()[0].split() == ["新建", "1"]
    assert shuts_out(page) == []


def test_page_when_not_signed_in_then_the_door_is_shown(visit: Opener, chromium: object, site: object) -> None:
    page = visit("/")
    page.context.clear_cookies()
    page.goto(page.url)
    assert "/login/" in page.url
