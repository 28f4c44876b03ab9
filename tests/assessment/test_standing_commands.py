"""`xiuhua standing` and `xiuhua lift` as a clerk or a script calls them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.utils import translation
from tests.assessment.test_commands import call

from xiuhua.cli.main import main
from xiuhua.kernel.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
AS_OF = "2026-11-23T10:00"
FIVE = (
    "Cases to close: 5 (on time 4, late 1); the month then ends at 81.43 points instead of 50.00, which is place 4; "
    "with one fewer at most 78.57, not enough."
)


def test_standing_and_lift_when_a_cut_off_is_given_say_what_falls_due_and_what_lifts(november: Tenant) -> None:
    assert call("standing", "2026-11")[1]["refused"] == "standing.none"
    code, said = call("standing", "2026-11", "--as-of", AS_OF)
    assert (code, said["as_of"]) == (0, "2026-11-23T10:00:00+08:00")
    assert said["falling_due"][0] == {
        "code": "05",
        "name": "第05社区",
        "falling_due": 4,
        "within_a_week": 3,
        "late_open": 3,
    }
    assert [one["code"] for one in said["would_be_black"]] == ["07", "06", "05"]
    assert said["would_be_black"][0]["sentence"] == (
        "要 80.01 分才够，现有 5 件全结也到不了：最多 70.00 分，结 5 件就到这个数。"
    )
    assert said["chances"] == "不说谁上榜的可能性有多大：要先有 6 个完整月份来校准，现有 0 个。"
    code, said = call("lift", "05", "--period", "2026-11", "--as-of", AS_OF, lang="en")
    assert (code, said["sentence"]) == (
        0,
        FIVE,
    )
    assert said["lift"]["close"] == ["05-11", "05-12", "05-13", "05-14", "05-08"]
    assert [one["number"] for one in said["cases"] if one["short_of_time"]] == ["05-11"]
    with translation.override(None):
        shown = CliRunner().invoke(
            main, ["lift", "05", "--period", "2026-11", "--as-of", AS_OF], env={"XIUHUA_LANG": "zh"}
        )
        told = CliRunner().invoke(main, ["standing", "2026-11", "--as-of", AS_OF], env={"XIUHUA_LANG": "zh"})
    assert (
        "再结 5 件（按期 4 件，逾期 1 件），月底得分从 50.00 到 81.43，可到第 4 名；少结一件最多 78.57 分，不够。"
        in shown.output
    )
    assert "本月不急的：2 件" in shown.output
    assert "第07社区  要 80.01 分才够" in told.output
