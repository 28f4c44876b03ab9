"""The index of words: it follows whoever writes a case, and a search finds what reading every case finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.living import Office, make_office

from xiuhua.cases.actions.undoing import undo
from xiuhua.cases.apps import _mend
from xiuhua.cases.migrations._words import REACH, STAGES
from xiuhua.cases.models import Case
from xiuhua.cases.queries import holding as index
from xiuhua.cases.queries.holding import holding
from xiuhua.cases.queries.queues import Narrowed, holds, narrowed, queue_page, waiting
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.queues import NEXT
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.cases.words.queues import Queue
from xiuhua.kernel.words import EVERY, Actor, Grant
from xiuhua.taxonomy.models import CaseClass

WHOLE = Actor("user:w", "clerk", (Grant(EVERY),))
#: Characters that searches have stumbled over: capitals in other scripts and widths, signs of LIKE, pairs in UTF-16.
LETTERS = "路口垃圾圾899号aAbBkKsSiIß％%_\\ＡａéÉıſK😀，。 \n'\""


@pytest.fixture
def office(db: None) -> Office:
    """The office."""
    return make_office()


def _put(office: Office, *told: str, **more: object) -> list[Case]:
    """Put cases in, their texts in turn where a text may stand."""
    given = {"tenant": office.tenant, "reported_at": office.now, "stage": Stage.REPORTED, **more}
    names = ("description", "address", "title")
    cases = [
        Case(number=f"N{n}", **{names[n % 3 if len(text) < 300 else 0]: text}, **given) for n, text in enumerate(told)
    ]  # type: ignore[arg-type]
    return Case.objects.bulk_create(cases)


def _read(cases: QuerySet[Case], text: str) -> set[int]:
    """Return what a search finds that reads every case."""
    found = Q()
    for name in ("number", "address", "description", "title", "case_class__name"):
        found |= holds(name, text)
    return set(cases.filter(found).values_list("pk", flat=True))


def _found(office: Office, queue: Queue, text: str) -> tuple[set[int], set[int]]:
    cases = waiting(office.tenant, queue, WHOLE, flow_of(office.tenant), office.now)
    page = queue_page(narrowed(office.tenant, cases, queue, Narrowed(text=text)), queue, size=100)
    return {one.pk for one in page.rows}, _read(cases, text)


def test_search_when_anything_is_asked_then_it_finds_what_reading_finds(office: Office) -> None:
    texts = [LETTERS[start : start + size] for size in (1, 2, 3, 7) for start in range(len(LETTERS))]
    late = {"ruled_due_at": office.now - timedelta(days=1)}
    _put(office, *texts, LETTERS.upper(), LETTERS.lower(), LETTERS * 90, "一" * (REACH + 1), **late)
    some = st.sampled_from(texts) | st.text(LETTERS, min_size=1, max_size=5)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(some, st.sampled_from([Queue.REPORTED, Queue.OVERDUE]), st.sampled_from([2000, 3]))
    def same(text: str, queue: Queue, common: int) -> None:
        was, index.COMMON = index.COMMON, common
        try:
            found, read = _found(office, queue, text.strip() or "一一")
        finally:
            index.COMMON = was
        assert found == read or len(found) == 100 <= len(read)

    same()


@pytest.mark.parametrize("text", ["暴露", "垃圾", "899", "8", "没有的", "x\0", "n1"])
def test_search_when_a_class_is_meant_then_its_cases_are_there_too(office: Office, text: str) -> None:
    _put(office, "路口899号", "路口", case_class=CaseClass.objects.get(tenant=office.tenant, name="暴露垃圾"))
    Case.objects.create(tenant=office.tenant, number="M1", reported_at=office.now, stage=Stage.REPORTED)
    if "\0" not in text or connection.vendor == "sqlite":  # PostgreSQL has no such texts
        found, read = _found(office, Queue.REPORTED, text)
        assert found == read


def _update(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(description="后来改的")


def _save(case: Case) -> None:
    case.address = "后来改的"
    case.save()


def _bulk(case: Case) -> None:
    case.title = "后来改的"
    Case.objects.bulk_update([case], ["title"])


def _raw(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET number = %s WHERE id = %s", ["后来改的", case.pk])


@pytest.mark.parametrize("write", [_update, _save, _bulk, _raw])
def test_case_when_somebody_writes_it_then_its_new_words_lead_to_it_and_the_old_do_not(
    office: Office, write: Callable[[Case], None]
) -> None:
    (case,) = _put(office, "原来写的")
    Case.objects.filter(pk=case.pk).update(number="原来写的", title="原来写的", address="原来写的")
    case.refresh_from_db()
    assert _keys(office, "来写") == [case.pk]
    write(case)
    assert _keys(office, "后来") == [case.pk]
    Case.objects.filter(pk=case.pk).update(**dict.fromkeys(("number", "title", "address", "description"), "都是新的"))
    assert (_keys(office, "来写"), _keys(office, "后来"), _keys(office, "都是")) == ([], [], [case.pk])


def _keys(office: Office, text: str) -> list[int] | None:
    return holding(office.tenant, text, (), (Stage.REPORTED,))


def test_case_when_it_leaves_the_queues_and_comes_back_then_so_do_its_words(office: Office) -> None:
    case = office.report()
    assert _keys(office, "一堆") == [case.pk]
    declined = office.move(case, Verb.DECLINE, "cleo", reason="repeated").move
    assert _keys(office, "一堆") == []
    undo(office.tenant, case.pk, declined.pk, by=office.actor("cleo"), at=office.now)
    assert _keys(office, "一堆") == [case.pk]
    office.file(case)
    assert _keys(office, "一堆") == [case.pk]


def test_case_when_it_is_gone_then_its_words_are(office: Office) -> None:
    first, second = _put(office, "路口", "路口")
    first.delete()
    assert _keys(office, "路口") == [second.pk]


def test_index_when_the_stages_of_queues_change_then_it_does() -> None:
    assert set(STAGES) == {stage.value for stage in NEXT}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite makes a table anew to change it")
def test_index_when_the_table_was_made_anew_without_it_then_it_is_made_anew(office: Office) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER cases_words_insert")
    (case,) = _put(office, "路口")
    assert _keys(office, "路口") == []
    _mend(using="default")
    assert _keys(office, "路口") == [case.pk]


@pytest.mark.parametrize(("text", "most"), [("没有的", 3), ("暴露", 6), ("路口", 5), ("路", 4)])
def test_search_when_it_is_made_then_it_costs_what_it_says(office: Office, text: str, most: int) -> None:
    _put(office, "路口", "路口", case_class=CaseClass.objects.get(tenant=office.tenant, name="暴露垃圾"))
    cases = waiting(office.tenant, Queue.REPORTED, WHOLE, flow_of(office.tenant), office.now)
    with CaptureQueriesContext(connection) as asked:
        queue_page(narrowed(office.tenant, cases, Queue.REPORTED, Narrowed(text=text)), Queue.REPORTED, size=100)
    assert len(asked) == most
