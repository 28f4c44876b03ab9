"""Sentences about what the rules say of a case beside what its platform says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from xiuhua.cases.words import Cause
from xiuhua.clock.rules.limits import read
from xiuhua.taxonomy.phrases import limit_words


def due_sentence(cause: str, facts: Mapping[str, Any]) -> str:
    """Return why the platform's deadline is not ours, "" where there is nothing to compare."""
    limit = limit_words(read(facts["limit"])) if "limit" in facts else ""
    said = {
        Cause.SAME: gettext("平台的期限和自算的一致。"),
        Cause.HOLIDAY: gettext("平台的期限没算节假日和调休：照样只跳过周末去算，正好是它给的时刻。"),
        Cause.START: gettext("平台从另一个时刻起算：换一种起算规则，正好是它给的时刻。"),
        Cause.DAY: gettext("平台只给到日期：按那一天的末尾算，和自算的同一天。"),
        Cause.EXTENSION: gettext("平台按延期 %(n)s 次算，记录的延期次数不是这个数。")
        % {"n": facts.get("extensions", 0)},
        Cause.SEVERAL: gettext("平台按延期 %(n)s 次算，又没算节假日和调休。") % {"n": facts.get("extensions", 0)},
        Cause.CONDITION: gettext("平台用了同类的第 %(number)s 条立案条件（%(limit)s）。")
        % {"number": facts.get("condition", ""), "limit": limit},
        Cause.LIMIT: gettext("平台用的时限是%(limit)s，不是这一条立案条件的时限。") % {"limit": limit},
        Cause.OTHER: gettext("试过节假日、起算、延期、别的立案条件和时限，都算不出平台给的时刻。"),
    }
    return said.get(Cause(cause), "") if cause else ""


def verdict_sentence(cause: str) -> str:
    """Return why the platform's verdict is not ours, "" where they agree or one is missing."""
    if not cause:
        return ""
    if cause == Cause.STATEMENT:
        return gettext("平台的认定和它自己的期限、结案时间对不上（可能是申诉、返工或人工改过）。")
    return gettext("两边认定不同，因为期限不同。")
