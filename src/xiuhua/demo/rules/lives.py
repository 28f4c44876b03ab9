"""How far the living cases of the made-up street have come: a plan, without any account or key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

#: What happens to a case one after another, up to its name: "move:person[:word]". Moves follow the table of cases.
LIVES: dict[str, tuple[str, ...]] = {
    "reported": (),
    "pre_check": ("request_check:intake",),
    "confirmed": ("request_check:intake", "confirm:inspector"),
    "declined": ("decline:intake:not_found",),
    "filed": ("file:intake",),
    "dispatched": ("file:intake", "dispatch:dispatch"),
    "returned": ("file:intake", "dispatch:dispatch", "refuse:unit:not_our_ground"),
    "arbitration": (
        *("file:intake", "dispatch:dispatch", "refuse:unit:not_our_ground"),
        *("redispatch:dispatch:boundary", "refuse:unit:not_our_duty"),
    ),
    "handling": ("file:intake", "dispatch:dispatch", "accept:unit"),
    "extension": ("file:intake", "dispatch:dispatch", "accept:unit", "request_extension:handler:material"),
    "suspended": (
        *("file:intake", "dispatch:dispatch", "accept:unit"),
        *("request_suspension:unit:construction", "grant_suspension:dispatch"),
    ),
    "supervised": ("file:intake", "dispatch:dispatch", "accept:unit", "supervise:leader"),
    "review": ("file:intake", "dispatch:dispatch", "accept:unit", "rectify:handler"),
    "checking": ("file:intake", "dispatch:dispatch", "accept:unit", "rectify:handler", "pass_review:unit"),
    "rework": (
        *("file:intake", "dispatch:dispatch", "accept:unit", "rectify:handler", "pass_review:unit"),
        "fail_check:verifier:partly_done",
    ),
    "to_close": (
        *("file:intake", "dispatch:dispatch", "accept:unit", "rectify:handler", "pass_review:unit"),
        "pass_check:verifier",
    ),
    "closed": (
        *("file:intake", "dispatch:dispatch", "accept:unit", "rectify:handler", "pass_review:unit"),
        *("pass_check:verifier", "close:shift"),
    ),
}


@dataclass(frozen=True, slots=True)
class Life:
    """One living case: how far it has come, what it is about, how long ago it was told and how long each step took."""

    until: str
    names: tuple[str, str]
    ago: timedelta
    pace: timedelta
    says: str


_LITTER, _ROAD, _SELLER = ("市容环境", "暴露垃圾"), ("市容环境", "道路不洁"), ("街面秩序", "店外经营")
_STICKER = ("宣传广告", "占道广告牌")
_SAYS = {
    _LITTER: ("垃圾桶满了，袋子堆在桶外", "巷口有几袋垃圾没人收", "树下堆着快餐盒和纸箱"),
    _ROAD: ("路面有积尘和落叶", "车道上洒了泥土", "路边有一片油渍"),
    _SELLER: ("水果店把货摆到人行道上", "早餐店桌椅占了盲道", "门口堆着啤酒箱，行人绕行"),
    _STICKER: ("广告牌立在人行道中间", "灯箱挡住了路口视线", "横幅挂在行道树上"),
}
#: How many of each, the newest first: a Monday morning's desk has most at its beginning.
_MANY = (
    *(("reported", 12), ("pre_check", 2), ("confirmed", 2), ("filed", 6), ("dispatched", 5), ("returned", 2)),
    *(("arbitration", 1), ("handling", 5), ("extension", 2), ("suspended", 2), ("supervised", 2), ("review", 3)),
    *(("checking", 4), ("rework", 2), ("to_close", 3), ("declined", 2), ("closed", 6)),
)


def lives() -> tuple[Life, ...]:
    """Return the living cases in the order in which they were told, oldest first; always the same."""
    told, at = [], 0
    kinds = tuple(_SAYS)
    for until, many in _MANY:
        for _one in range(many):
            names = (
                kinds[at * 7 % len(kinds)] if until in {"reported", "confirmed", "filed"} else kinds[at % len(kinds)]
            )
            steps = len(LIVES[until])
            minutes = 11 + 17 * at if steps == 0 else 90 + 53 * at
            pace = timedelta(minutes=3 + at % 9) if steps else timedelta()
            told.append(Life(until, names, timedelta(minutes=minutes), pace, _SAYS[names][at % len(_SAYS[names])]))
            at += 1
    return tuple(sorted(told, key=lambda one: -one.ago))
