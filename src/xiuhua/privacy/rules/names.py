"""Names of people after a word for a person of the case (联系人, 投诉人, caller, contact …), and beside a telephone number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xiuhua.privacy.rules.numbers import Span
from xiuhua.privacy.rules.surnames import BODIES, DOUBLE, GOES_ON, NOBODY, SINGLE, TITLES, WORDS, words
from xiuhua.privacy.words import Kind

_WORDS = words(
    "联系人 投诉人 举报人 反映人 来电人 上报人 诉求人 申请人 来访人 来访者 来信人 信访人 报修人 委托人 代办人 办理人 受访人 咨询人 收件人 报案人 报警人 当事人 "
    "异议人 经营者 被访人 服务对象 业主 户主 车主 房东 房主 租客 租户 住户 居民 市民 群众 摊主 店主 机主 狗主 负责人 姓名 户名 联络人 监护人 家属"
)
#: The word, then what forms put between it and the name.
_KEY = re.compile(
    rf"(?:{'|'.join(_WORDS)})(?P<by>(?:自称)?(?:姓名|名称|信息)?[\]】)]?(?:[ ]{{0,3}}[:=/\-|为是叫“\"【\[(（：][ “\"]?)?[ ]{{0,3}})"
)
_HAN = re.compile(r"[\u4e00-\u9fff·]{1,12}")
_NEXT = re.compile(r"[、/和及]")
_PEOPLE_IN_A_ROW = 6
_PARTICLES = frozenset("的了着过吗呢吧啊不没未很也都就是在有")
_VERBS = tuple(word for word in GOES_ON if len(word) > 1)
#: A segment beside a mobile number: "13800001234（张三）", "张三，13800001234".
_BESIDE = re.compile(r"[,，、/(（ 　;；|【]{1,2}(?P<name>[\u4e00-\u9fff]{2,5})(?=[,，。、/)） 　;；|】]|$)")
_BEFORE = re.compile(r"(?:^|[,，。、/(（ 　;；|【:：])(?P<name>[\u4e00-\u9fff]{2,5})[,，、/(（ 　:：]{1,2}$")
_BESIDE_SPAN = 12

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr)\.?\s"
_NAME = r"[A-Z](?:['’][A-Z])?[a-z]+(?:-[A-Z][a-z]+)?"
_LATIN = re.compile(
    r"\b(?:[Cc]aller|[Cc]ontact|[Cc]omplainant|[Rr]eporter|[Rr]esident|[Oo]wner|[Tt]enant|[Ll]andlord|[Dd]river|[Oo]ccupant|[Ww]itness"
    r"|[Rr]eported by|[Aa]pplicant|[Nn]ame)\b(?:\s(?:person|name)\b)?(?P<far>[^:.,;\n]{0,20}:)?\s?"
    rf"(?P<name>(?P<title>{_TITLE})?{_NAME}(?:\s[A-Z]\.)?(?:\s{_NAME}){{0,2}})"
)
_LATIN_BODIES = re.compile(
    r"\b(?:Squad|Services?|Cent(?:re|er)|Office|Association|Committee|Management|Property|City|Company|Department|Bureau|Unit|Ltd|Team|Council|Road|Street"
    r"|Community|Unknown|None|Anonymous)\b"
)


def names(text: str) -> Iterator[tuple[Span, int]]:
    """Yield each name with how many signs of it are its surname."""
    yield from _chinese(text)
    yield from _latin(text)


def names_beside(text: str, start: int, end: int) -> Iterator[tuple[Span, int]]:
    """Yield the name that stands alone beside a mobile number from `start` to `end`."""
    after = _BESIDE.match(text, end)
    before = _BEFORE.search(text, max(start - _BESIDE_SPAN, 0), start)
    for found in (after, before):
        if found and (read := _whole(found["name"])):
            at = found.start("name")
            yield (Kind.NAME, at, at + len(found["name"])), read


def _whole(name: str) -> int:
    """Return how long the surname of a segment is that is a name and nothing else, 0 if it is none."""
    surname = _surname(name)
    given = name[surname:]
    if not surname or not given or name[:2] in WORDS or name.endswith(BODIES) or given.startswith(_VERBS):
        return 0
    if not _PARTICLES.isdisjoint(given):
        return 0
    return surname if len(given) <= 2 or given in TITLES else 0  # noqa: PLR2004 - given names have one or two signs


def _chinese(text: str) -> Iterator[tuple[Span, int]]:
    for key in _KEY.finditer(text):
        at = key.end()
        for _one in range(_PEOPLE_IN_A_ROW):
            run = _HAN.match(text, at)
            if run is None:
                break
            read = _read(run[0], set_apart=bool(key["by"].strip()))
            if read is None:
                break
            length, surname = read
            yield (Kind.NAME, at, at + length), surname
            at += length
            if not _NEXT.match(text, at):
                break
            at += 1


def _surname(run: str) -> int:
    """Return how many signs of `run` are a surname: 2, 1, or 0."""
    if run[:2] in DOUBLE and len(run) > 2:  # noqa: PLR2004 - a given name has to follow
        return 2
    return 1 if run[:1] in SINGLE else 0


def _read(run: str, *, set_apart: bool) -> tuple[int, int] | None:
    """Return (length of the name, of its surname) at the beginning of a run of Chinese signs; None if there is none.

    `set_apart`: a colon or the like says that a name comes, so that a word that begins like one is less likely.
    """
    surname = _surname(run)
    if not surname or run in NOBODY or run[:2] in NOBODY:
        return None
    for length in (surname + 2, surname + 1, surname):
        for title in TITLES:
            if run.startswith(title, length) and (length > surname or not run.startswith("师傅")):
                return length + len(title), surname
    if _no_name(run, set_apart=set_apart):
        return None
    return _given(run, surname, set_apart=set_apart)


def _no_name(run: str, *, set_apart: bool) -> bool:
    if set_apart:
        return len(run) > 3 and (run.endswith(BODIES) or run[:2] in WORDS)  # noqa: PLR2004 - the longest plain name
    return run[:2] in WORDS or run[:3] in WORDS


def _given(run: str, surname: int, *, set_apart: bool) -> tuple[int, int] | None:
    for given in (2, 1):
        length = surname + given
        rest = run[length:]
        if len(run) >= length and (not rest or rest.startswith(GOES_ON)):
            return length, surname
    return (min(len(run), surname + 2), surname) if set_apart and len(run) > surname else None


def _latin(text: str) -> Iterator[tuple[Span, int]]:
    for found in _LATIN.finditer(text):
        name = found["name"]
        if _LATIN_BODIES.search(name) or not (found["title"] or " " in name):
            continue
        yield (Kind.NAME, found.start("name"), found.end("name")), 0
