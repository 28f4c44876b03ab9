"""The ledger: appended in the transaction, chained after it, and unable to hide a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from tests.guards import forging

from xiuhua.kernel.actions import anchor, create_tenant, record, seal
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import Proof, line_content, personal_digest, prove
from xiuhua.kernel.rules import GENESIS, link
from xiuhua.kernel.rules.anchors import Anchor, AnchorMalformed, read_anchors
from xiuhua.kernel.words import Actor

#: When anchors were written; long before anything is.
AT = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def lines(street: Tenant, ana: Actor, at: datetime) -> list[LedgerLine]:
    """Lines 2 to 7 of the chain, a minute apart; line 1 made the office."""
    made = [
        record("case.comment", about=f"case:{n}", by=ana, at=at + timedelta(minutes=n), tenant=street, reason="雨")
        for n in range(2, 8)
    ]
    seal()
    return made


def _line(number: int) -> LedgerLine:
    return LedgerLine.objects.get(chain_no=number)


def _rewrite() -> None:
    """Chain everything there is anew, as a forger would who knows how."""
    prev = GENESIS
    for number, line in enumerate(LedgerLine.objects.order_by("chain_no"), start=1):
        digest = link(prev, line_content(line))
        LedgerLine.objects.filter(pk=line.pk).update(chain_no=number, prev_hash=prev, hash=digest)
        prev = digest


def _edit() -> None:
    LedgerLine.objects.filter(chain_no=4).update(reason="晴")


def _delete_middle() -> None:
    _line(4).delete()


def _delete_middle_and_renumber() -> None:
    _line(4).delete()
    for number in (5, 6, 7):
        LedgerLine.objects.filter(chain_no=number).update(chain_no=F("chain_no") - 1)


def _delete_first() -> None:
    _line(1).delete()


def _delete_tail() -> None:
    LedgerLine.objects.filter(chain_no__gte=6).delete()


def _reorder() -> None:
    LedgerLine.objects.filter(chain_no=4).update(chain_no=99)
    LedgerLine.objects.filter(chain_no=5).update(chain_no=4)
    LedgerLine.objects.filter(chain_no=99).update(chain_no=5)


def _insert() -> None:
    for number in (7, 6, 5):
        LedgerLine.objects.filter(chain_no=number).update(chain_no=number + 1)
    copy = _line(4)
    copy.pk, copy.chain_no, copy.reason = None, 5, "后补"
    copy.prev_hash = _line(4).hash
    copy.save()
    copy.hash = link(copy.prev_hash, line_content(copy))
    copy.save()


def _edit_and_rewrite() -> None:
    _edit()
    _rewrite()


def _delete_tail_and_go_on() -> None:
    _delete_tail()
    for n in (6, 7):
        record("case.comment", about=f"case:{n}", by=Actor("user:forger"), at=_line(5).at)
    seal()


def _rewritten_from_the_first() -> None:
    LedgerLine.objects.filter(chain_no=1).update(reason="别的")
    _rewrite()


#: What a forger does; the numbers at which the chain shows it by itself, and those whose anchor shows it.
FORGERIES: dict[str, tuple[Callable[[], None], list[int], list[int]]] = {
    "edit": (_edit, [4], []),
    "delete in the middle": (_delete_middle, [5], [4]),
    "delete in the middle and number anew": (_delete_middle_and_renumber, [4], [4, 7]),
    "delete the first": (_delete_first, [2], []),
    "delete the tail": (_delete_tail, [], [7]),
    "reorder": (_reorder, [4, 5, 6], [4]),
    "insert": (_insert, [6], [7]),
    "edit and write all anew": (_edit_and_rewrite, [], [4, 7]),
    "delete the tail and go on": (_delete_tail_and_go_on, [], [7]),
    "write all anew from the first": (_rewritten_from_the_first, [], [4, 7]),
}


def _proof_after(forge: Callable[[], None]) -> Proof:
    anchors = [Anchor(AT, number, _line(number).hash) for number in (4, 7)]
    with forging():
        forge()
    return prove(anchors)


@pytest.mark.parametrize("name", FORGERIES)
def test_proof_when_forged_then_the_chain_or_its_anchors_show_it(lines: list[LedgerLine], name: str) -> None:
    forge, broken, torn = FORGERIES[name]
    proof = _proof_after(forge)
    assert (proof.broken, proof.torn, proof.whole) == (broken, torn, False)


@pytest.mark.parametrize("field", ["reason", "actor", "post", "verb", "about", "before", "after"])
def test_proof_when_any_field_is_edited_then_its_number_is_named(lines: list[LedgerLine], field: str) -> None:
    with forging():
        LedgerLine.objects.filter(chain_no=3).update(**{field: "changed"})
    assert prove().broken == [3]


def test_proof_when_untouched_then_nothing_is_found(lines: list[LedgerLine]) -> None:
    proof = prove([Anchor(AT, 7, _line(7).hash)])
    assert (proof.lines, proof.head, proof.whole) == (7, _line(7).hash, True)


def _written(street: Tenant, ana: Actor, at: datetime, ago: timedelta) -> None:
    """Write a line on a machine whose clock is behind, and seal it."""
    line = record("case.close", about="case:9", by=ana, at=at, tenant=street)
    with forging():
        LedgerLine.objects.filter(pk=line.pk).update(written_at=F("written_at") - ago)
    seal()


def test_proof_when_the_clock_went_back_then_the_line_is_named(
    lines: list[LedgerLine], street: Tenant, ana: Actor, at: datetime
) -> None:
    _written(street, ana, at, timedelta(minutes=5))
    _written(street, ana, at, timedelta(days=1))
    assert prove().went_back == [9]


def test_proof_when_a_line_tells_of_long_ago_then_that_is_no_clock_set_back(
    lines: list[LedgerLine], street: Tenant, ana: Actor, at: datetime
) -> None:
    record("case.close", about="case:9", by=ana, at=at - timedelta(days=400), tenant=street)
    seal()
    assert prove().whole


def test_proof_when_everything_was_written_before_the_anchor_then_the_lines_after_it_are_named(
    lines: list[LedgerLine], street: Tenant, ana: Actor, at: datetime
) -> None:
    last = _line(7)
    assert last.written_at is not None
    known = Anchor(last.written_at + timedelta(days=1), 7, last.hash)
    record("case.close", about="case:9", by=ana, at=at, tenant=street)
    seal()
    assert (prove().went_back, prove([known]).went_back) == ([], [8])


@pytest.mark.parametrize(("first", "last", "broken"), [(1, 3, []), (2, 4, [4]), (5, None, []), (4, 4, [4])])
def test_proof_when_of_a_part_then_only_that_part_is_walked(
    lines: list[LedgerLine], first: int, last: int | None, broken: list[int]
) -> None:
    with forging():
        _edit()
    assert prove(first=first, last=last).broken == broken


def test_proof_when_the_guard_is_gone_then_it_says_so(lines: list[LedgerLine]) -> None:
    with forging():
        assert not prove().whole
    assert prove().whole


@pytest.mark.parametrize("change", [_edit, _delete_middle, _delete_tail, _reorder], ids=lambda one: one.__name__)
def test_guard_when_a_line_is_changed_or_deleted_then_the_database_refuses(
    lines: list[LedgerLine], change: Callable[[], None]
) -> None:
    with pytest.raises(DatabaseError, match="the ledger only grows"), transaction.atomic():
        change()
    assert prove().whole


def test_guard_when_an_unsealed_line_is_edited_then_the_database_refuses(
    street: Tenant, ana: Actor, at: datetime
) -> None:
    line = record("case.comment", about="case:1", by=ana, at=at, tenant=street)
    with pytest.raises(DatabaseError, match="the ledger only grows"), transaction.atomic():
        LedgerLine.objects.filter(pk=line.pk).update(reason="别的", chain_no=2)


def test_seal_when_run_twice_then_nothing_is_chained_again(lines: list[LedgerLine]) -> None:
    assert seal() == 0


def test_seal_when_there_are_many_then_batches_follow_each_other(
    street: Tenant, ana: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiuhua.kernel.actions.ledger.BATCH", 3)
    for n in range(7):
        record("case.comment", about=f"case:{n}", by=ana, at=at, tenant=street)
    assert seal() == 8
    assert prove().whole


def test_record_when_called_then_the_writer_pays_one_statement(street: Tenant, ana: Actor, at: datetime) -> None:
    with CaptureQueriesContext(connection) as asked:
        record("case.comment", about="case:1", by=ana, at=at, tenant=street)
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_record_when_many_write_within_a_second_then_one_of_them_seals(
    street: Tenant, ana: Actor, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiuhua.kernel.actions.ledger._Sealing.last", float("-inf"))
    for n in range(5):
        record("case.comment", about=f"case:{n}", by=ana, at=at, tenant=street)
    assert prove().lines == 2
    seal()
    assert (prove().lines, prove().whole) == (6, True)


def test_record_when_the_ledger_cannot_be_written_then_the_change_is_refused_and_reads_go_on(
    lines: list[LedgerLine], ana: Actor, at: datetime
) -> None:
    with connection.cursor() as cursor:  # the sink breaks
        cursor.execute("ALTER TABLE kernel_ledgerline RENAME COLUMN reason TO unwritable")
    with pytest.raises(DatabaseError), transaction.atomic():
        create_tenant("other", "别处", by=ana, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_ledgerline RENAME COLUMN unwritable TO reason")
    assert [one.code for one in Tenant.objects.all()] == ["street"]


def _offices(ana: Actor, at: datetime) -> None:
    for n in range(500):
        create_tenant(f"other{n}", "别处" * 40, by=ana, at=at)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only: its pages can be counted out")
def test_record_when_the_disk_is_full_then_the_change_is_refused_and_reads_go_on(
    lines: list[LedgerLine], ana: Actor, at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")  # as many as there are
        with pytest.raises(DatabaseError, match="full"), transaction.atomic():
            _offices(ana, at)
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert [one.code for one in Tenant.objects.all()] == ["street"]


def test_anchor_when_written_then_it_is_one_more_line_that_reads_back(
    lines: list[LedgerLine], at: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "outside" / "anchors.jsonl"
    made = [anchor(file, at), anchor(file, at + timedelta(days=1))]
    assert (
        read_anchors(file.read_text(encoding="utf-8"))
        == made
        == [
            Anchor(at, 7, _line(7).hash),
            Anchor(at + timedelta(days=1), 7, _line(7).hash),
        ]
    )


@pytest.mark.django_db
def test_anchor_when_there_is_no_line_then_nothing_is_written(at: datetime, tmp_path: Path) -> None:
    assert anchor(tmp_path / "anchors.jsonl", at) is None
    assert not (tmp_path / "anchors.jsonl").exists()


@pytest.mark.parametrize("text", ["no json", '{"at": "2026-11-23T02:00:00+00:00"}', "[]", "null"])
def test_anchors_when_a_line_is_none_then_the_file_is_refused(text: str) -> None:
    good = Anchor(datetime.fromisoformat("2026-11-23T02:00:00+00:00"), 7, "a" * 64).line()
    with pytest.raises(AnchorMalformed) as refused:
        read_anchors(good + text)
    assert refused.value.facts == {"line": 2}


def test_personal_digest_when_keyed_then_another_key_gives_another(settings: object) -> None:
    mine = personal_digest("13800138000")
    settings.LEDGER_KEY = b"another"  # type: ignore[attr-defined]
    assert (len(mine), personal_digest("13800138000") == mine) == (64, False)
