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
FIVE = "Close 5 of the open cases, and it moves up to place 4, past 第04社区."
PROVED = "由系统重算得出：任选 4 件最多到 78.57 分，不够，没有更少的办法。"


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
    assert said["would_be_black"][0]["sentence"] == ("能办的 5 件全办好也离不开黑榜：要 80.01 分，最多到 70.00 分。")
    assert said["chances"] == "概率要先用至少 6 个过完的月份校准，现在有 0 个，所以不报。"
    code, said = call("lift", "05", "--period", "2026-11", "--as-of", AS_OF, lang="en")
    assert (code, said["sentence"]) == (0, FIVE)
    assert said["lift"]["close"] == ["05-11", "05-12", "05-13", "05-14", "05-08"]
    assert [one["number"] for one in said["cases"] if one["short_of_time"]] == ["05-11"]
    with translation.override(None):
        shown = CliRunner().invoke(
            main, ["lift", "05", "--period", "2026-11", "--as-of", AS_OF], env={"XIUHUA_LANG": "zh"}
        )
        told = CliRunner().invoke(main, ["standing", "2026-11", "--as-of", AS_OF], env={"XIUHUA_LANG": "zh"})
    assert "办好 5 件，就够升到第 4 位，超过第04社区。照现在走到月底 50.00 分，照做 81.43 分。" in shown.output
    assert PROVED in shown.output
    assert "本月不急的：2 件" in shown.output
    assert "第07社区  能办的 5 件全办好也离不开黑榜" in told.output
