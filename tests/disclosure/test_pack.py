"""The whole pack: from cases to files, every shared number the same in all of them, and the same bytes twice."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import translation
from tests.disclosure.months import told

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.cli.main import main
from xiuhua.disclosure.pack import MANIFEST, PARTS, pack
from xiuhua.disclosure.queries.told import NotAssessed, told_of
from xiuhua.disclosure.shelf import write_files
from xiuhua.disclosure.typesetting import FontMissing
from xiuhua.disclosure.words import Tallied, Told
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler (pdftotext) is not here: nothing reads pages"
)
OCTOBER = Period(2026, 10)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Return the pack of the month told by hand."""
    try:
        with translation.override("zh-hans"):
            return pack(told())
    except FontMissing:
        pytest.skip("no Chinese font on this machine")


def test_pack_twice_is_the_same_to_the_byte(files: dict[str, bytes]) -> None:
    with translation.override("zh-hans"):
        assert pack(told()) == files


def test_manifest_names_every_file_with_its_digest_and_what_has_no_source(files: dict[str, bytes]) -> None:
    manifest = json.loads(files[MANIFEST])
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST
    }
    assert [one["name"] for one in manifest["files"]] == [part.zh for part in PARTS]
    assert manifest["snapshot"] == told().view.snapshot
    assert [one["code"] for one in manifest["missing"]] == ["inspected", "rework", "city_off"]
    assert manifest["left_out"] == []


def test_pack_of_a_month_that_calls_up_nobody_leaves_the_pledges_out_and_says_so() -> None:
    month = told()
    without = Told(**{name: getattr(month, name) for name in month.__slots__} | {"pledges": ()})
    try:
        made = pack(without)
    except FontMissing:
        pytest.skip("no Chinese font on this machine")
    assert not any(name.startswith("6-") for name in made)
    assert json.loads(made[MANIFEST])["left_out"] == ["6-表态发言.docx", "6-表态发言.pdf"]


def test_files_when_written_again_leave_nothing_of_the_old_pack_and_nothing_half(tmp_path: Path) -> None:
    def of(*names: str) -> dict[str, bytes]:
        listed = json.dumps({"files": [{"name": name} for name in names]}).encode()
        return {**{name: name.encode() for name in names}, MANIFEST: listed}

    (tmp_path / "own notes.txt").write_text("kept", encoding="utf-8")
    write_files(of("a.pdf", "b.pdf"), tmp_path)
    write_files(of("a.pdf", "c.pdf"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "c.pdf", MANIFEST, "own notes.txt"]


# ---- from cases ----


@pytest.fixture
def town(transactional_db: None, street: Tenant, home: Path) -> Tenant:
    """Seven communities of twenty due cases in October, of which 14 to 20 were closed on time; two classes."""
    due = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
    top = CaseClass.objects.create(tenant=street, code="M1", name="市容环境")
    kinds = [
        CaseClass.objects.create(tenant=street, code=f"S{n}", name=name, parent=top)
        for n, name in enumerate(("暴露垃圾", "道路破损"))
    ]
    for number in range(7):
        place = Territory.objects.create(tenant=street, code=f"0{number}", level="community")
        TerritoryVersion.objects.create(territory=place, name=f"第{number}社区")
        Case.objects.bulk_create(
            Case(
                tenant=street,
                number=f"{number}-{index:02}",
                reported_at=due - timedelta(days=1),
                due_at=due,
                closed_at=due if index < 14 + number else due + timedelta(hours=1) if index == 19 else None,
                territory=place,
                case_class=kinds[index % 2],
            )
            for index in range(20)
        )
    return street


@pytest.mark.django_db(transaction=True)
def test_month_when_told_counts_classes_by_subject_as_a_hand_does(town: Tenant, ana: Actor, at: datetime) -> None:
    with translation.override("zh-hans"):
        with pytest.raises(NotAssessed, match="2026-10 还没有"):
            told_of(town, OCTOBER, scheme="basic", by="community")
        assess(town, OCTOBER, scheme="basic", by_level="community", by=ana, at=at)
        month = told_of(town, OCTOBER, scheme="basic", by="community")
    # of community 0 the cases 14 to 18 are open, 19 was late; even numbers are 暴露垃圾
    assert [one for one in month.matrix if one.subject == "00"] == [
        Tallied("暴露垃圾", 10, 3, 0, "00", ("0-14", "0-16", "0-18")),
        Tallied("道路破损", 10, 2, 1, "00", ("0-15", "0-17")),
    ]
    assert [(one.class_name, one.due, one.overdue, one.late) for one in month.classes] == [
        ("暴露垃圾", 70, 9, 0),
        ("道路破损", 70, 6, 6),
    ]
    assert [one.name for one in month.pledges] == ["第0社区", "第1社区", "第2社区"]
    assert month.lacks("previous") is not None
    assert {code: lost[0].count for code, lost in (month.losses or {}).items() if lost}["00"] == 6
    assert all(one.person == "主要负责人" for one in month.tasks)


@pytest.mark.django_db(transaction=True)
def test_command_assesses_writes_the_pack_and_twice_writes_the_same(town: Tenant, tmp_path: Path) -> None:
    found = []
    for folder in ("one", "two"):
        out = tmp_path / folder
        command = ["meeting-pack", "2026-10", "--out", str(out), "--by", "community", "--json"]
        result = CliRunner().invoke(main, command, env={"XIUHUA_LANG": "zh"})
        if "documents.font_missing" in result.output:
            pytest.skip("no Chinese font on this machine")
        assert result.exit_code == 0, result.output
        told_ = json.loads(result.output)
        assert [one["name"] for one in told_["files"]] == [part.zh for part in PARTS]
        found.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert found[0] == found[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("terminal", "asked"), [("zh", "en"), ("en", "zh")])
def test_command_answers_wholly_in_the_language_asked_for(
    town: Tenant, tmp_path: Path, terminal: str, asked: str
) -> None:
    command = ["meeting-pack", "2026-10", "--out", str(tmp_path), "--by", "community", "--lang", asked]
    result = CliRunner().invoke(main, command, env={"XIUHUA_LANG": terminal})
    if "XIUHUA_FONT" in result.output:
        pytest.skip("no Chinese font on this machine")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    chinese = [line for line in lines if any("\u4e00" <= sign <= "\u9fff" for sign in line)]
    assert chinese == ([] if asked == "en" else lines[1:])
    refused = CliRunner().invoke(main, [*command, "--scheme", "nothing"], env={"XIUHUA_LANG": terminal})
    assert (refused.exit_code, any("\u4e00" <= sign <= "\u9fff" for sign in refused.output)) == (1, asked == "zh")
