"""Every number that stands in more than one file of a pack is the same in all of them: all files are read, and compared."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from tests.disclosure.comparing import EVERY, SOME, agree, made, of, read, unequal
from tests.disclosure.hard_months import SCHEMES, whole
from tests.disclosure.pixels import apart, drawn, grey
from tests.disclosure.telling import expected, other

from xiuhua.disclosure.pack import PARTS
from xiuhua.disclosure.picture import picture, picture_page
from xiuhua.disclosure.words import Told

pytestmark = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler (pdftotext) is not here: nothing reads pages"
)


@cache
def month(name: str, language: str) -> Told:
    """Return a hard month with everything a pack can tell."""
    return whole(SCHEMES[name], language)


@pytest.mark.parametrize(
    ("name", "language"), [("halves up, printed totals, 1224", "zh-hans"), ("whole points, last places", "en")]
)
def test_every_shared_number_is_the_same_in_all_files(name: str, language: str, tmp_path: Path) -> None:
    assert agree(month(name, language), tmp_path) > 800


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_of_another_telling_is_found_out_by_every_kind_of_number_it_prints(
    language: str, tmp_path: Path
) -> None:
    told = month("halves up, printed totals, 1224", language)
    wrong = made(other(told))
    right, changed = expected(told), expected(other(told))
    same = [key for key, value in right.items() if changed.get(key) == value and value != "—"]
    assert {(key[0], right[key]) for key in same} <= {("cell", "0")}  # of a class that a subject never had
    for part in PARTS:
        found = unequal(told, {part: read(told, part, wrong[part], tmp_path)})
        assert {key[0] for _file, key, _says, _should in found} == of(EVERY, part) | of(SOME, part)
        assert [one for one in found if one[2] not in {changed.get(one[1]), "not there"}] == []


def test_every_kind_of_number_stands_in_more_than_one_file() -> None:
    kinds = {key[0] for key in expected(month("halves up, printed totals, 1224", "zh-hans"))}
    printed = [(part.en, kind) for part in PARTS for kind in of(EVERY, part) | of(SOME, part)]
    assert {
        kind: len({file for file, other_kind in printed if other_kind == kind}) > 1 for kind in kinds
    } == dict.fromkeys(kinds, True)


#: Two renderers draw the edges of the same letters so far apart, in shades of 255 over the box of a word.
EDGES = 9


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_picture_shows_the_page_whose_words_are_read_and_no_other(language: str, tmp_path: Path) -> None:
    told = month("halves up, printed totals, 1224", language)
    shown, own = grey(picture(told)), drawn(picture_page(told), tmp_path)
    wrong = drawn(picture_page(other(told)), tmp_path)
    assert abs(shown.height - own.image.height) <= 1
    numbers = {box: word for box, word in own.words.items() if any(sign.isdigit() for sign in word)}
    assert [word for box, word in numbers.items() if apart(shown, own.image, box) > EDGES] == []
    changed = [box for box, word in numbers.items() if box[1] < wrong.image.height and word not in wrong.words.values()]
    assert len(changed) > 15
    assert [own.words[box] for box in changed if apart(shown, wrong.image, box) <= EDGES] == []
