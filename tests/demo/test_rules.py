"""The pure pieces of the made-up street."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from xiuhua.demo.actions.files import contents, write_files
from xiuhua.demo.queries import limit
from xiuhua.demo.rules.draws import Draws
from xiuhua.demo.rules.hours import after
from xiuhua.demo.rules.places import numeral
from xiuhua.demo.rules.tiling import outline, split
from xiuhua.demo.words import Limit, Rect

SHIFTS = ((510, 720), (810, 1080))


def test_files_are_the_same_when_made_twice(files: dict[str, bytes]) -> None:
    assert contents() == files


def test_files_differ_when_the_seed_does(files: dict[str, bytes]) -> None:
    assert contents(seed=1)["cases.csv"] != files["cases.csv"]


def test_files_are_left_alone_when_written_again(tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in write_files(tmp_path)}
    assert {path: path.stat().st_mtime_ns for path in write_files(tmp_path)} == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4工作时", Limit(240, urgent=False)),
        ("2工作日", Limit(960, urgent=False)),
        ("1紧急工作时", Limit(60, urgent=True)),
        ("2紧急工作日", Limit(2880, urgent=True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_limit_is_read_as_the_platform_writes_it(text: str, expected: Limit) -> None:
    assert limit(text) == expected


@pytest.mark.parametrize(
    ("start", "hours", "urgent", "end"),
    [
        ("2026-10-12 08:30:00", 2, False, "2026-10-12 10:30:00"),
        ("2026-10-12 11:00:00", 2, False, "2026-10-12 14:30:00"),
        ("2026-10-12 11:00:00", 1, False, "2026-10-12 12:00:00"),
        ("2026-10-16 17:00:00", 2, False, "2026-10-19 09:30:00"),
        ("2026-10-17 10:00:00", 8, False, "2026-10-19 18:00:00"),
        ("2026-10-17 22:15:30", 2, True, "2026-10-18 00:15:30"),
    ],
    ids=["same morning", "over noon", "exactly noon", "over a weekend", "from a saturday", "urgent at night"],
)
def test_working_time_passes_only_in_shifts(start: str, hours: int, urgent: bool, end: str) -> None:
    moment = datetime.fromisoformat(start)
    assert after(moment, hours * 3600, SHIFTS, urgent=urgent) == datetime.fromisoformat(end)


def test_draws_are_the_same_when_the_name_is() -> None:
    one, two, other = Draws(7, "a"), Draws(7, "a"), Draws(7, "b")
    first = [one.between(0, 1) for _ in range(5)]
    assert first == [two.between(0, 1) for _ in range(5)]
    assert first != [other.between(0, 1) for _ in range(5)]


def test_draws_keep_their_sequence_in_every_python() -> None:
    draws = Draws(22, "pinned")
    assert [draws.whole(0, 999) for _ in range(6)] == [632, 843, 547, 636, 163, 117]


def test_weighted_draws_follow_the_weights() -> None:
    draws = Draws(1, "weights")
    counts = Counter(draws.weighted("abc", (6.0, 3.0, 1.0)) for _ in range(4000))
    assert [round(counts[letter] / 400) for letter in "abc"] == [6, 3, 1]


def test_poisson_draws_have_the_mean_asked_for() -> None:
    draws = Draws(1, "poisson")
    assert round(sum(draws.poisson(14.9) for _ in range(4000)) / 4000, 1) == pytest.approx(14.9, abs=0.3)


@pytest.mark.parametrize(("number", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (34, "三十四")])
def test_numerals_are_written_as_on_signs(number: int, text: str) -> None:
    assert numeral(number) == text


def test_split_tiles_what_it_was_given() -> None:
    blocks = split([Rect(0, 400, 0, 300), Rect(400, 500, 0, 100)], 17, Draws(3, "split"))
    assert (len(blocks), round(sum(block.area for block in blocks))) == (17, 130_000)


def test_outline_of_two_blocks_leaves_out_the_side_they_share() -> None:
    left, right = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)], [(1.0, 0.0), (1.0, 1.0), (2.0, 1.0), (2.0, 0.0)]
    assert outline([left, right]) == [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (2.0, 0.0), (1.0, 0.0)]


def test_outline_of_blocks_apart_is_refused() -> None:
    square = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]
    with pytest.raises(ValueError, match="left over"):
        outline([square, [(u + 5, v) for u, v in square]])


DIGESTS = {
    "README.txt": "9f3840905ecef83f",
    "cases.csv": "9010bbacfad2a782",
    "communities.geojson": "9f704f09ed002d16",
    "grids.geojson": "430764881515fb80",
    "sites.csv": "3e55e40e839aea5c",
    "street.geojson": "3495717dddfc2c81",
    "units.csv": "53c5a0c3ceea435f",
    "water.geojson": "a31035f489e77fd1",
}


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_files_keep_their_digest(files: dict[str, bytes], name: str) -> None:
    """Every number in them is rounded far above the last bit, so the digests hold on every machine."""
    assert hashlib.sha256(files[name]).hexdigest()[:16] == DIGESTS[name]
