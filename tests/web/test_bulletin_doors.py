"""The pages of bulletins: what they show, what they refuse, what they keep of what was typed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from tests.disclosure.bulletin_offices import assessed_office, at, begun
from tests.living import Office

from xiuhua.disclosure.actions import save_version
from xiuhua.disclosure.models import Bulletin, Waiver


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office, built once; what tests write is rolled back."""
    before = django_settings.HOME, django_settings.FILES
    django_settings.HOME = tmp_path_factory.mktemp("bulletins")
    django_settings.FILES = django_settings.HOME / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        yield assessed_office("doors")
        transaction.set_rollback(True)
    django_settings.HOME, django_settings.FILES = before


@pytest.fixture
def office(ground: Office, db: None) -> Office:
    """The office as it was built."""
    for user in ground.users.values():
        user.refresh_from_db()
    return ground


def client(office: Office, name: str) -> Client:
    found = Client(headers={"accept-language": "zh-hans"})
    found.force_login(office.users[name])
    return found


def page(answer: Any) -> str:
    return unescape(answer.content.decode())


def fields(text: str) -> list[str]:
    """Return the paragraphs in the fields of the editor."""
    return re.findall(r'<textarea id="id_block_\d+" name="block"[^>]*>([^<]*)</textarea>', text)


def act(office: Office, who: str, one: Bulletin, do: str, **more: str) -> HttpResponse:
    one.refresh_from_db()
    form = {"do": do, "seen": str(one.version), **more}
    return client(office, who).post(f"/bulletins/{one.pk}/do/", form)  # type: ignore[return-value]


def save(office: Office, who: str, one: Bulletin, texts: list[str], *, seen: int, title: str = "通报") -> Any:
    form = {"title": title, "block": texts, "seen": str(seen)}
    return client(office, who).post(f"/bulletins/{one.pk}/", form)


def test_list_when_nothing_is_there_then_it_says_how_to_begin(office: Office) -> None:
    text = page(client(office, "cleo").get("/bulletins/"))
    assert ("还没有通报" in text, "起草通报" in text) == (True, True)
    assert "起草通报" not in page(client(office, "bo").get("/bulletins/"))


def test_list_when_some_stand_somewhere_then_each_says_whose_turn_it_is(office: Office) -> None:
    one, _other = begun(office), begun(office)
    act(office, "cleo", one, "submit")
    text = page(client(office, "bo").get("/bulletins/"))
    assert 'data-total="2"' in text
    assert ("部门审核" in text, "综合岗、值班长" in text, "起草的人" in text) == (True, True, True)


@pytest.mark.parametrize("month", ["2026-10", "x", ""])
def test_draft_when_the_month_cannot_be_then_the_page_says_so(office: Office, month: str) -> None:
    answer = client(office, "cleo").post("/bulletins/new/", {"month": month})
    assert answer.status_code == 422
    assert "<title>错误：" in page(answer)
    assert Bulletin.objects.count() == 0


def test_draft_when_begun_then_its_locked_numbers_open_lists_of_the_same_count(office: Office) -> None:
    answer = client(office, "cleo").post("/bulletins/new/", {"month": "2026-11"}, follow=True)
    text = page(answer)
    found = re.findall(r'class="xh-locked" href="(/frozen/[^"]*)"[^>]*>(?:(?!</a>).)*?<b>(\d+)</b>', text)
    assert {value for _href, value in found} >= {"5", "2", "3"}
    for href, value in {(href, value) for href, value in found}:
        opened = page(client(office, "cleo").get(href))
        assert (href, re.findall(r'data-total="(\d+)"', opened)) == (href, [value])


def test_editor_when_a_locked_number_is_changed_then_refused_and_all_typed_is_kept(office: Office) -> None:
    one = begun(office)
    texts = fields(page(client(office, "cleo").get(f"/bulletins/{one.pk}/")))
    broken = ["我的话。", *[text.replace("〔应结案数：5〕", "〔应结案数：7〕") for text in texts]]
    answer = save(office, "cleo", one, broken, seen=1, title="我的标题")
    text = page(answer)
    assert (answer.status_code, "<title>错误：" in text) == (422, True)
    place = next(number for number, typed in enumerate(broken, start=1) if "：7〕" in typed)
    assert f'<a href="#id_block_{place}">“应结案数”是锁定的，应为 5，不能改成“7”。</a>' in text
    assert fields(text) == [typed for typed in broken if typed] + [""]
    assert 'value="我的标题"' in text
    assert "autofocus" in text
    one.refresh_from_db()
    assert one.version == 1


def test_editor_when_somebody_saved_meanwhile_then_409_with_the_difference_and_what_was_typed(office: Office) -> None:
    one = begun(office)
    texts = fields(page(client(office, "cleo").get(f"/bulletins/{one.pk}/")))
    assert save(office, "lea", one, [*texts, "值班长加的话。"], seen=1).status_code == 302
    answer = save(office, "cleo", one, [*texts, "受理员加的话。"], seen=1)
    text = page(answer)
    assert answer.status_code == 409
    assert '<ins><span class="vh">［新增］</span>值班长加的话。</ins>' in text
    assert fields(text)[-2:] == ["受理员加的话。", ""]
    assert 'name="seen" value="2"' in text
    assert save(office, "cleo", one, [*texts, "受理员加的话。"], seen=2).status_code == 302


def test_findings_when_masked_by_a_click_then_the_next_version_has_the_mask(office: Office) -> None:
    one = begun(office)
    save(office, "cleo", one, ["请与13812345678联系。"], seen=1)
    text = page(client(office, "cleo").get(f"/bulletins/{one.pk}/"))
    assert ("1 处不能发出" in text, "遮成 138****5678" in text) == (True, True)
    assert re.search(r"<button[^>]*disabled>交审", text)
    (key,) = re.findall(r'name="finding" value="([0-9a-f]{16})"', text)
    assert act(office, "cleo", one, "submit").status_code == 409
    assert act(office, "cleo", one, "mask", finding=key).status_code == 302
    text = page(client(office, "cleo").get(f"/bulletins/{one.pk}/"))
    assert ("没有不能发出的" in text, fields(text)[0]) == (True, "请与138****5678联系。")


def test_finding_when_let_pass_then_a_reason_and_another_person_are_needed(office: Office) -> None:
    one = begun(office)
    save(office, "cleo", one, ["请与13812345678联系。"], seen=1)
    text = page(client(office, "bo").get(f"/bulletins/{one.pk}/"))
    (key,) = set(re.findall(r'name="finding" value="([0-9a-f]{16})"', text))
    answer = act(office, "bo", one, "waive", finding=key, reason=" ")
    assert answer.status_code == 422
    assert f'href="#id_reason_{key}"' in page(answer)
    assert act(office, "cleo", one, "waive", finding=key, reason="公开").status_code == 409
    assert act(office, "bo", one, "waive", finding=key, reason="值班电话").status_code == 302
    assert Waiver.objects.get().person == office.users["bo"]
    assert act(office, "cleo", one, "submit").status_code == 302


def test_way_when_posted_directly_then_no_step_is_skipped_by_anybody(office: Office) -> None:
    one = begun(office)
    said = {
        ("cleo", "issue"): 409,
        ("ada", "issue"): 403,
        ("stan", "issue"): 409,
        ("bo", "approve"): 409,
        ("cleo", "nothing"): 302,
    }
    assert {key: act(office, *key[:1], one, key[1], step="leader").status_code for key in said} == said
    act(office, "cleo", one, "submit")
    said = {
        ("bo", "leader"): 409,
        ("sue", "confidentiality"): 409,
        ("ada", "department"): 403,
        ("cleo", "department"): 409,
    }
    assert {key: act(office, key[0], one, "approve", step=key[1]).status_code for key in said} == said
    one.refresh_from_db()
    assert (one.state, one.approvals.count()) == ("review", 0)


def test_way_when_gone_then_issued_with_number_on_paper_and_no_way_back(office: Office) -> None:
    one = begun(office)
    act(office, "cleo", one, "submit")
    for who, step in (("lea", "department"), ("bo", "leader"), ("sue", "confidentiality")):
        before = page(client(office, who).get(f"/bulletins/{one.pk}/"))
        assert "同意（" in before
        assert act(office, who, one, "approve", step=step).status_code == 302
    assert act(office, "cleo", one, "issue").status_code == 302
    text = page(client(office, "cleo").get(f"/bulletins/{one.pk}/"))
    assert ("〔2026〕1号" in text, 'name="block"' in text, "起草更正件" in text) == (True, False, True)
    assert save(office, "cleo", one, ["改一改。"], seen=1).status_code == 409
    paper = page(client(office, "bo").get(f"/bulletins/{one.pk}/paper/"))
    wanted = ("〔2026〕1号", "数据截止", "四舍五入", "按期结案率 60", "由系统于", "同分同名次")
    assert [said for said in wanted if said not in paper] == []
    answer = client(office, "bo").get(f"/bulletins/{one.pk}/file.docx")
    with ZipFile(BytesIO(answer.content)) as file:
        text = file.read("word/document.xml").decode()
    assert [
        said for said in ("〔2026〕1号", "应结案5件", "考核成绩表") if said not in re.sub(r"<[^>]*>", "", text)
    ] == []
    assert client(office, "bo").get(f"/bulletins/{one.pk}/file.txt").status_code == 404
    digest = hashlib.sha256(answer.content).hexdigest()
    text = page(client(office, "bo").get(f"/bulletins/{one.pk}/"))
    assert (digest in text, "发出时存下" in text) == (True, True)
    assert act(office, "cleo", one, "correct").status_code == 302
    later = Bulletin.objects.get(correction_of=one)
    assert "更正：" in page(client(office, "cleo").get(f"/bulletins/{later.pk}/"))


def test_send_back_when_without_a_reason_then_asked_for_one_and_with_it_told(office: Office) -> None:
    one = begun(office)
    act(office, "cleo", one, "submit")
    answer = act(office, "lea", one, "send_back", reason="")
    assert (answer.status_code, 'href="#id_reason"' in page(answer)) == (422, True)
    act(office, "lea", one, "send_back", reason="请补充对比")
    text = page(client(office, "cleo").get(f"/bulletins/{one.pk}/"))
    assert ("请补充对比" in text, "起草中" in text) == (True, True)


def test_versions_when_two_differ_then_what_is_gone_and_new_is_marked(office: Office) -> None:
    one = begun(office)
    for seen, text in ((1, "按期结案率上升。"), (2, "按期结案率下降。")):
        save_version(
            office.tenant, one.pk, seen=seen, title="通报", texts=[text], by=office.actor("cleo"), at=at(office)
        )
    text = page(client(office, "bo").get(f"/bulletins/{one.pk}/versions/?from=2&to=3"))
    assert re.search(r"按期结案率<del>.*?上升</del><ins>.*?下降</ins>。", text)
    assert "1 段有变化" in text
    assert client(office, "bo").get(f"/bulletins/{one.pk}/versions/?from=9").status_code == 404


def test_draft_when_taken_then_a_file_that_says_so_in_its_name(office: Office) -> None:
    one = begun(office)
    text = page(client(office, "bo").get(f"/bulletins/{one.pk}/"))
    assert ("草稿下载" in text, f'href="/bulletins/{one.pk}/file.docx"' in text) == (True, True)
    answer = client(office, "bo").get(f"/bulletins/{one.pk}/file.docx")
    assert "草稿·未发布，第 1 稿" in unquote(answer["Content-Disposition"])


def test_draft_when_given_up_then_a_reason_is_asked_for_and_it_leaves_the_list(office: Office) -> None:
    one = begun(office)
    assert "作废这份草稿" not in page(client(office, "bo").get(f"/bulletins/{one.pk}/"))
    answer = act(office, "cleo", one, "abandon", why="")
    assert (answer.status_code, 'href="#id_why"' in page(answer)) == (422, True)
    text = page(act(office, "cleo", one, "abandon", why="与上一份重复"))
    text = page(client(office, "cleo").get(f"/bulletins/{one.pk}/"))
    assert ("与上一份重复" in text, 'name="block"' in text) == (True, False)
    assert 'data-total="' not in page(client(office, "cleo").get("/bulletins/"))
    text = page(client(office, "cleo").get("/bulletins/?state=abandoned"))
    assert ('data-total="1"' in text, "与上一份重复" in text) == (True, True)


def test_bulletin_when_not_there_then_404(office: Office) -> None:
    for path in ("/bulletins/0/", "/bulletins/0/paper/", "/bulletins/0/versions/"):
        assert client(office, "cleo").get(path).status_code == 404
