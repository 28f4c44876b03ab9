"""Days as strips of clock time: when work is done, when the clock ran, where the deadline fell. The bill says it too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_HOUR, _DAY = 60, 1440
_LEAST_HOURS = 6


def view(days: Sequence[dict[str, Any]], *, note: str = "") -> dict[str, Any]:
    """Return the strips, all on one scale of whole hours that holds everything on them.

    A day is {"label", "shifts": [(first, last), …], "runs": [(first, last), …], "end": minute or None}, all in minutes
    after its midnight; what lies past 24:00 is cut off. Decoration for those who see; `note` is read by all.
    """
    ends = [at for day in days for pair in [*day["shifts"], *day["runs"]] for at in pair]
    ends += [day["end"] for day in days if day.get("end") is not None]
    first = min([*ends, _DAY]) // _HOUR * _HOUR
    last = min(-(-max([*ends, 0]) // _HOUR) * _HOUR, _DAY)
    if last - first < _LEAST_HOURS * _HOUR:
        first, last = 0, _DAY
    scale = _Scale(first, last)
    step = max(1, -(-(last - first) // _HOUR // 6))
    return {
        "days": [
            {
                "label": day["label"],
                "shifts": [scale.stretch(pair) for pair in day["shifts"]],
                "runs": [scale.stretch(pair) for pair in day["runs"]],
                "end": None if day.get("end") is None else scale.at(day["end"]),
            }
            for day in days
        ],
        "hours": [scale.at(at) for at in range(first + _HOUR, last, _HOUR)],
        "axis": [
            {"x": scale.at(at), "text": at // _HOUR, "last": at == last} for at in range(first, last + 1, step * _HOUR)
        ],
        "note": note,
    }


class _Scale:
    """Minutes as shares of the strip's width."""

    def __init__(self, first: int, last: int) -> None:
        self._first, self._last = first, last

    def share(self, minute: int) -> float:
        held = min(max(minute, self._first), self._last)
        return (held - self._first) * 100 / (self._last - self._first)

    def at(self, minute: int) -> str:
        """Return where a minute stands."""
        return f"{self.share(minute):.2f}%"

    def stretch(self, pair: tuple[int, int]) -> dict[str, str]:
        """Return where a stretch begins and how wide it is."""
        return {"x": self.at(pair[0]), "width": f"{max(self.share(pair[1]) - self.share(pair[0]), 0):.2f}%"}
