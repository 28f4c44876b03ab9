"""A bulletin's way from its draft to its number: who may, what is refused, what the ledger says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from tests.disclosure.bulletin_offices import MONTH, assessed_office, at, begun
from tests.living import Office

from xiuhua.analytics.actions import freeze
from xiuhua.assessment.actions import assess
from xiuhua.assessment.models import Assessment
from xiuhua.cases.models import Case
from xiuhua.disclosure import actions
from xiuhua.disclosure.actions import issuing
from xiuhua.disclosure.actions.approving import NotYourStep, OwnText, StepTwice, WrongStep
from xiuhua.disclosure.actions.guards import NoRight, NotNow, Stale, Unfit
from xiuhua.disclosure.actions.issuing import StepsOpen
from xiuhua.disclosure.actions.keeping import content_kept, keep_forms
from xiuhua.disclosure.actions.writing import (
    FindingUnknown,
    NotMaskable,
    ReasonMissing,
    SecondPerson,
    TextRefused,
)
from xiuhua.disclosure.bulletin import BulletinState, IssuedForm
from xiuhua.disclosure.models import Approval, Bulletin
from xiuhua.disclosure.official.docx import docx_bytes
from xiuhua.disclosure.official.words import Official
from xiuhua.disclosure.queries.bulletins import (
    BulletinUnknown,
    blocks_of,
    bulletin_keyed,
    bulletins_of,
    fields_kept,
    standing_of,
    version_of,
)
from xiuhua.disclosure.queries.papers import paper_of
from xiuhua.disclosure.queries.told import NotAssessed
from xiuhua.disclosure.rules.texts import shown_blocks
from xiuhua.files.queries import content
from xiuhua.files.store import original
from xiuhua.files.words import ContentMissing
from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.rules import Period

#: Who takes the steps in the shipped template.
WAY = (("department", "lea"), ("leader", "bo"), ("confidentiality", "sue"))


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office, built once; what tests write is rolled back."""
    before = django_settings.HOME, django_settings.FILES
    django_settings.HOME = tmp_path_factory.mktemp("bulletins")
    django_settings.FILES = django_settings.HOME / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        yield assessed_office()
        transaction.set_rollback(True)
    django_settings.HOME, django_settings.FILES = before


@pytest.fixture
def office(ground: Office, db: None) -> Office:
    """The office as it was built."""
    for user in ground.users.values():
        user.refresh_from_db()
    return ground


def texts_of(bulletin: Bulletin) -> list[str]:
    shown = shown_blocks(blocks_of(version_of(bulletin)), fields_kept(bulletin))
    return [one.text for one in shown]


def drafted(office: Office, period: Period, by: str) -> Bulletin:
    return actions.draft_bulletin(
        office.tenant, period, scheme="basic", by_level="community", by=office.actor(by), at=at(office)
    )


def saved(office: Office, bulletin: Bulletin, *more: str, by: str = "cleo", seen: int | None = None) -> Bulletin:
    """Save the present text with paragraphs added."""
    actions.save_version(
        office.tenant,
        bulletin.pk,
        seen=seen or bulletin.version,
        title=bulletin.title,
        texts=[*texts_of(bulletin), *more],
        by=office.actor(by),
        at=at(office),
    )
    return fresh(bulletin)


def fresh(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.get(pk=bulletin.pk)


def submitted(office: Office, bulletin: Bulletin, by: str = "cleo") -> Bulletin:
    actions.submit(office.tenant, bulletin.pk, seen=bulletin.version, by=office.actor(by), at=at(office))
    return fresh(bulletin)


def passed(office: Office, bulletin: Bulletin, step: str, by: str) -> Bulletin:
    actions.approve(office.tenant, bulletin.pk, step, seen=bulletin.version, by=office.actor(by), at=at(office))
    return fresh(bulletin)


def approved(office: Office, bulletin: Bulletin) -> Bulletin:
    bulletin = submitted(office, bulletin)
    for step, by in WAY:
        bulletin = passed(office, bulletin, step, by)
    return bulletin


def issued(office: Office, bulletin: Bulletin, by: str = "cleo") -> Bulletin:
    actions.issue(office.tenant, bulletin.pk, seen=bulletin.version, by=office.actor(by), at=at(office))
    return fresh(bulletin)


def verbs(bulletin: Bulletin) -> list[str]:
    found = LedgerLine.objects.filter(about=f"bulletin:{bulletin.pk}").order_by("pk")
    return list(found.values_list("verb", flat=True))


def waiting(office: Office) -> list[tuple[str, str]]:
    return [(str(one.bulletin.state), one.step.code if one.step else "") for one in bulletins_of(office.tenant)]


# -- drafting and writing ---------------------------------------------------------------------------------------------


def test_draft_when_the_month_is_assessed_then_its_numbers_are_those_of_the_sheets(office: Office) -> None:
    made = drafted(office, MONTH, "cleo")
    written = Assessment.objects.get(tenant=office.tenant)
    assert (made.state, made.sheet, made.snapshot) == ("draft", written.digest, written.snapshot)
    values = {name: one.value for name, one in fields_kept(made).items()}
    assert (values["due"], values["closed"], values["overdue_open.B"]) == ("5", "1", "2")
    assert standing_of(made).findings == ()
    assert verbs(made) == ["bulletin.draft"]


def test_draft_when_the_month_is_not_assessed_then_refused(office: Office) -> None:
    with pytest.raises(NotAssessed):
        drafted(office, Period(2026, 3), "cleo")


@pytest.mark.parametrize("who", ["bo", "sue", "ada", "dan", "uma"])
def test_draft_when_the_post_does_not_write_then_refused(office: Office, who: str) -> None:
    with pytest.raises(NoRight):
        drafted(office, MONTH, who)


def test_save_when_free_text_changes_then_a_version_is_added_and_none_lost(office: Office) -> None:
    made = begun(office)
    first = version_of(made)
    later = saved(office, made, "各单位要认真整改。")
    assert (later.version, version_of(later).blocks[:-1]) == (2, first.blocks)
    assert [one.number for one in later.versions.order_by("number")] == [1, 2]
    assert saved(office, later).version == 2  # the same text again
    assert verbs(made) == ["bulletin.draft", "bulletin.save"]


def test_save_when_a_locked_number_was_changed_then_refused_and_nothing_written(office: Office) -> None:
    made = begun(office)
    texts = [one.replace("〔应结案数：5〕", "〔应结案数：6〕") for one in texts_of(made)]
    with pytest.raises(TextRefused) as refusal:
        actions.save_version(
            office.tenant, made.pk, seen=1, title="通报", texts=texts, by=office.actor("cleo"), at=at(office)
        )
    assert [one.code for one in refusal.value.faults] == ["bulletin.field_changed"]
    assert fresh(made).version == 1


def test_save_when_somebody_saved_meanwhile_then_stale(office: Office) -> None:
    made = begun(office)
    saved(office, made, "先存的。", by="lea")
    with pytest.raises(Stale) as refusal:
        saved(office, made, "后存的。", seen=1)
    assert refusal.value.facts == {"now": 2, "seen": 1}


def test_bulletin_when_of_another_office_then_unknown(office: Office) -> None:
    made = begun(office)
    other = Tenant.objects.create(code="other", name="别处")
    with pytest.raises(BulletinUnknown):
        bulletin_keyed(other, made.pk)


# -- findings ---------------------------------------------------------------------------------------------------------


def test_submit_when_personal_data_stand_in_the_text_then_refused_until_masked(office: Office) -> None:
    made = saved(office, begun(office), "请与13812345678联系，王小明知道。")
    office.users["hal"].name = "王小明"
    office.users["hal"].save()
    with pytest.raises(Unfit) as refusal:
        submitted(office, made)
    assert [(one.code, one.facts["text"]) for one in refusal.value.faults] == [
        ("bulletin.personal", "138****5678"),
        ("bulletin.colleague", "王**"),
    ]
    keys = [one.key for one in standing_of(made).findings]
    actions.mask_findings(office.tenant, made.pk, keys, seen=made.version, by=office.actor("cleo"), at=at(office))
    made = fresh(made)
    assert texts_of(made)[-1] == "请与138****5678联系，王**知道。"
    assert submitted(office, made).state == BulletinState.REVIEW


def test_mask_when_nothing_is_known_to_put_there_or_it_is_gone_then_refused(office: Office) -> None:
    made = saved(office, begun(office), "全月应结案600件。")
    (found,) = standing_of(made).findings
    for key, refusal in ((found.key, NotMaskable), ("0" * 16, FindingUnknown)):
        with pytest.raises(refusal):
            actions.mask_findings(office.tenant, made.pk, [key], seen=2, by=office.actor("cleo"), at=at(office))


@pytest.mark.parametrize(
    ("who", "reason", "refusal"),
    [
        ("cleo", "公开号码", NoRight),
        ("stan", "公开号码", SecondPerson),
        ("bo", "  ", ReasonMissing),
        ("ada", "公开号码", NoRight),
    ],
    ids=["no right", "an author", "no reason", "the administrator"],
)
def test_waiver_when_it_may_not_be_then_refused(
    office: Office, who: str, reason: str, refusal: type[Exception]
) -> None:
    made = saved(office, begun(office), "请与13812345678联系。", by="stan")
    (found,) = standing_of(made).findings
    with pytest.raises(refusal):
        actions.waive(office.tenant, made.pk, found.key, reason, seen=2, by=office.actor(who), at=at(office))


def test_waiver_when_by_a_second_person_with_a_reason_then_the_text_may_go_on(office: Office) -> None:
    made = saved(office, begun(office), "请与13812345678联系。")
    (found,) = standing_of(made).findings
    actions.waive(
        office.tenant, made.pk, found.key, "值班电话，13812345678", seen=2, by=office.actor("bo"), at=at(office)
    )
    assert standing_of(made).barred == ()
    assert submitted(office, made).state == BulletinState.REVIEW
    line = LedgerLine.objects.get(verb="bulletin.waive")
    assert (line.reason, line.facts["kind"]) == ("值班电话，138****5678", "personal")


# -- steps ------------------------------------------------------------------------------------------------------------


def test_steps_when_taken_in_their_order_by_three_people_then_issued_under_the_first_number(office: Office) -> None:
    made = begun(office)
    seen = [waiting(office)]
    made = submitted(office, made)
    for step, by in WAY:
        seen.append(waiting(office))
        made = passed(office, made, step, by)
    seen.append(waiting(office))
    made = issued(office, made)
    assert seen == [
        [("draft", "")],
        [("review", "department")],
        [("review", "leader")],
        [("review", "confidentiality")],
        [("approved", "")],
    ]
    assert (made.state, made.number, made.number_year, made.number_seq) == ("issued", "〔2026〕1号", 2026, 1)
    assert verbs(made) == [
        *("bulletin.draft", "bulletin.submit", "bulletin.approve", "bulletin.approve", "bulletin.approve"),
        "bulletin.issue",
    ]


@pytest.mark.parametrize(
    ("step", "who", "refusal"),
    [
        ("leader", "bo", WrongStep),
        ("confidentiality", "ada", NoRight),
        ("department", "ada", NoRight),
        ("department", "bo", NotYourStep),
        ("department", "cleo", NoRight),
        ("nothing", "lea", WrongStep),
    ],
)
def test_step_when_out_of_turn_or_not_ones_own_then_refused(
    office: Office, step: str, who: str, refusal: type[Exception]
) -> None:
    made = submitted(office, begun(office))
    with pytest.raises(refusal):
        passed(office, made, step, who)


def test_step_when_of_ones_own_text_then_refused_whatever_the_post(office: Office) -> None:
    made = submitted(office, begun(office, "stan"), by="stan")
    with pytest.raises(OwnText):
        passed(office, made, "department", "stan")


def test_step_when_its_person_wrote_an_earlier_version_then_refused(office: Office) -> None:
    made = saved(office, begun(office), "一句。", by="lea")
    made = submitted(office, saved(office, made, "又一句。"))
    with pytest.raises(OwnText):
        passed(office, made, "department", "lea")


def test_step_when_the_same_person_took_the_one_before_then_refused(office: Office) -> None:
    made = passed(office, submitted(office, begun(office)), "department", "stan")
    with pytest.raises(StepTwice):
        passed(office, made, "leader", "stan")


def test_steps_when_the_text_changes_then_they_start_again(office: Office) -> None:
    made = passed(office, submitted(office, begun(office)), "department", "lea")
    made = saved(office, made, "又一句。")
    assert (made.state, standing_of(made).taken) == ("draft", ())
    made = submitted(office, made)
    assert standing_of(made).taken == ()
    with pytest.raises(WrongStep):
        passed(office, made, "leader", "bo")


def test_steps_when_approved_and_the_text_changes_then_it_cannot_be_issued(office: Office) -> None:
    made = saved(office, approved(office, begun(office)), "又一句。")
    with pytest.raises(NotNow):
        issued(office, made)


def test_text_when_sent_back_then_reason_is_kept_and_the_first_step_waits_again(office: Office) -> None:
    made = passed(office, submitted(office, begun(office)), "department", "lea")
    with pytest.raises(ReasonMissing):
        actions.send_back(office.tenant, made.pk, " ", seen=1, by=office.actor("bo"), at=at(office))
    actions.send_back(office.tenant, made.pk, "缺少对比", seen=1, by=office.actor("bo"), at=at(office))
    made = fresh(made)
    assert (made.state, Approval.objects.get(kind="sent_back").reason) == ("draft", "缺少对比")
    made = submitted(office, made)
    assert (made.round, standing_of(made).next) == (2, standing_of(made).steps[0])


@pytest.mark.parametrize("who", ["cleo", "ada", "bo"])
def test_issue_when_not_all_steps_are_passed_then_refused_for_everybody(office: Office, who: str) -> None:
    made = passed(office, submitted(office, begun(office)), "department", "lea")
    with pytest.raises((NotNow, NoRight)):
        issued(office, made, who)


def test_issue_when_the_state_was_forged_then_the_steps_are_looked_at(office: Office) -> None:
    made = submitted(office, begun(office))
    Bulletin.objects.filter(pk=made.pk).update(state="approved")
    with pytest.raises(StepsOpen):
        issued(office, fresh(made))


def test_issue_when_a_name_has_become_a_colleagues_then_refused(office: Office) -> None:
    made = approved(office, saved(office, begun(office), "请王小明负责。"))
    office.users["hal"].name = "王小明"
    office.users["hal"].save()
    with pytest.raises(Unfit):
        issued(office, made)


# -- issued -----------------------------------------------------------------------------------------------------------


def _refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_issued_when_anything_is_changed_then_the_database_refuses(office: Office) -> None:
    made = issued(office, approved(office, begun(office)))
    key = made.pk
    statements = [
        ("UPDATE disclosure_bulletin SET title = 'x' WHERE id = %s", key),
        ("UPDATE disclosure_bulletin SET state = 'draft', number = '', number_seq = NULL WHERE id = %s", key),
        ("DELETE FROM disclosure_bulletin WHERE id = %s", key),
        ("UPDATE disclosure_bulletinversion SET title = 'x' WHERE bulletin_id = %s", key),
        ("DELETE FROM disclosure_bulletinversion WHERE bulletin_id = %s", key),
        ("UPDATE disclosure_approval SET person_id = person_id WHERE bulletin_id = %s", key),
        ("UPDATE disclosure_issuedfile SET form = 'txt' WHERE bulletin_id = %s", key),
        ("DELETE FROM disclosure_issuedfile WHERE bulletin_id = %s", key),
    ]
    assert [_refused(*one) for one in statements] == [True] * len(statements)
    with pytest.raises(NotNow):
        saved(office, made, "又一句。")


def test_draft_when_its_numbers_are_changed_then_the_database_refuses(office: Office) -> None:
    made = begun(office)
    assert _refused("UPDATE disclosure_bulletin SET fields = '[]' WHERE id = %s", made.pk)
    assert _refused("UPDATE disclosure_bulletin SET sheet = 'x' WHERE id = %s", made.pk)
    assert not _refused("UPDATE disclosure_bulletin SET title = 'x' WHERE id = %s", made.pk)


def test_issued_without_a_number_when_written_then_the_database_refuses(office: Office) -> None:
    made = begun(office)
    assert _refused("UPDATE disclosure_bulletin SET state = 'issued' WHERE id = %s", made.pk)


def test_correction_when_begun_then_it_names_the_old_one_which_stays(office: Office) -> None:
    old = issued(office, approved(office, begun(office)))
    text = version_of(old).digest
    made = actions.correct(office.tenant, old.pk, by=office.actor("cleo"), at=at(office))
    assert (made.correction_of_id, made.state) == (old.pk, "draft")
    assert texts_of(made)[0] == f"《{old.title}》（〔2026〕1号）有误，现更正如下，以本件为准。"
    later = issued(office, approved(office, made))
    assert (later.number, version_of(old).digest, fresh(old).number) == ("〔2026〕2号", text, "〔2026〕1号")


def test_correction_when_the_old_one_is_not_issued_then_refused(office: Office) -> None:
    with pytest.raises(NotNow):
        actions.correct(office.tenant, begun(office).pk, by=office.actor("cleo"), at=at(office))


def test_numbers_when_another_takes_the_next_one_meanwhile_then_without_gaps_and_each_year_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, later = (approved(office, begun(office)) for _one in range(3))
    made, texts = issuing.forms_of, []

    def meanwhile(document: Official) -> dict[IssuedForm, bytes]:
        texts.append(document.number)
        if len(texts) == 1:
            issued(office, other)  # somebody else is quicker
        return made(document)

    monkeypatch.setattr(issuing, "forms_of", meanwhile)
    numbers = [issued(office, one).number, fresh(other).number]
    office.later(days=60)
    numbers.append(issued(office, later).number)
    assert numbers == ["〔2026〕2号", "〔2026〕1号", "〔2027〕1号"]
    assert texts == ["〔2026〕1号", "〔2026〕1号", "〔2026〕2号", "〔2027〕1号"]
    document = ZipFile(BytesIO(content(one.files.get(form="docx").file))).read("word/document.xml").decode()
    assert ("〔2026〕2号" in document, "〔2026〕1号" in document) == (True, False)


def test_issued_when_the_month_is_assessed_anew_then_its_files_stay_what_they_were(office: Office) -> None:
    made = issued(office, approved(office, begun(office)))
    line = LedgerLine.objects.get(about=f"bulletin:{made.pk}", verb="bulletin.issue")
    kept = {one.form: one.file.sha256 for one in made.files.select_related("file")}
    assert kept
    assert line.facts["files"] == kept
    assert OutboxEvent.objects.filter(about=f"bulletin:{made.pk}", name="bulletin.issue").count() == 1
    assert {one.at for one in made.files.all()} == {made.issued_at}
    Case.objects.filter(tenant=office.tenant, closed_at=None).update(closed_at=F("due_at"), stage="closed")
    freeze(office.tenant, MONTH, by=office.actor("stan"), at=at(office))
    assess(office.tenant, MONTH, scheme="basic", by_level="community", by=office.actor("stan"), at=at(office))
    assert standing_of(made).older
    for form in map(IssuedForm, kept):
        found = actions.issued_file(made, form, by=office.actor("bo"), at=at(office))
        assert hashlib.sha256(content_kept(found)).hexdigest() == kept[form]
    assert docx_bytes(paper_of(made)) == content(made.files.get(form="docx").file)  # and would come out the same


def test_issued_when_its_file_was_changed_on_the_disk_then_it_is_not_handed_out(office: Office) -> None:
    made = Bulletin.objects.create(tenant=office.tenant, period="2026-11", made_at=office.now)
    keep_forms(made, {IssuedForm.DOCX: b"as issued"}, by=office.actor("cleo"), at=at(office))
    kept = made.files.get()
    assert content_kept(kept) == b"as issued"
    original(office.tenant.pk, kept.file.sha256).write_bytes(b"forged")
    with pytest.raises(ContentMissing):
        content_kept(kept)


def test_issued_when_before_files_were_kept_then_made_once_at_first_asking(office: Office) -> None:
    made = approved(office, begun(office))
    old = {"state": "issued", "number": "〔2026〕9号", "number_year": 2026, "number_seq": 9, "issued_at": office.now}
    Bulletin.objects.filter(pk=made.pk).update(**old)
    made = fresh(made)
    first, second = (
        actions.issued_file(made, IssuedForm.DOCX, by=office.actor("bo"), at=at(office)) for _time in range(2)
    )
    assert (first.pk, first.at > office.now - timedelta(minutes=2), first.at != made.issued_at) == (
        second.pk,
        True,
        True,
    )
    assert verbs(made)[-1] == "bulletin.keep"


# -- drafts -----------------------------------------------------------------------------------------------------------


def test_draft_when_taken_as_a_file_then_every_head_says_so_and_the_ledger_knows(office: Office) -> None:
    made = begun(office)
    data = actions.take_draft(made, IssuedForm.DOCX, by=office.actor("cleo"), at=at(office))
    with ZipFile(BytesIO(data)) as package:
        heads = [package.read(name).decode() for name in package.namelist() if "/header" in name]
        document = package.read("word/document.xml").decode()
    assert heads
    assert {"草稿 · 未发布 · 第 1 稿" in one for one in heads} == {True}
    assert ("〔2026〕　号" in document, "考核成绩表" in document) == (True, True)
    assert verbs(made) == ["bulletin.draft", "bulletin.take_draft"]


def test_draft_when_given_up_then_it_stays_readable_and_takes_no_number(office: Office) -> None:
    made, other = begun(office), begun(office)
    with pytest.raises(ReasonMissing):
        actions.abandon(office.tenant, made.pk, " ", seen=1, by=office.actor("cleo"), at=at(office))
    with pytest.raises(NoRight):
        actions.abandon(office.tenant, made.pk, "重复", seen=1, by=office.actor("bo"), at=at(office))
    actions.abandon(office.tenant, made.pk, "与上一份重复", seen=1, by=office.actor("cleo"), at=at(office))
    made = fresh(made)
    assert (made.state, made.abandonment.reason, verbs(made)[-1]) == ("abandoned", "与上一份重复", "bulletin.abandon")
    assert [one.bulletin for one in bulletins_of(office.tenant)] == [other]
    assert [one.bulletin for one in bulletins_of(office.tenant, abandoned=True)] == [made]
    assert texts_of(made) == texts_of(other)
    for refused in (saved, submitted):
        with pytest.raises(NotNow):
            refused(office, made)
    assert _refused("DELETE FROM disclosure_abandonment WHERE bulletin_id = %s", made.pk)


def test_draft_when_being_approved_then_it_cannot_be_given_up(office: Office) -> None:
    made = submitted(office, begun(office))
    with pytest.raises(NotNow):
        actions.abandon(office.tenant, made.pk, "不要了", seen=1, by=office.actor("cleo"), at=at(office))
