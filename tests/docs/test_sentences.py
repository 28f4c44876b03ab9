"""Every sentence shown to people has an English twin, and both take the same facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

SRC = Path(__file__).parents[2] / "src/xiuhua"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "marked": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[sd]")
TEMPLATE = re.compile(r"""\{%\s*(?:translate|trans)\s+(["'])(.+?)\1""")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate", re.DOTALL)
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def _wanted() -> set[str]:
    found = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(SRC), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(message[0] if isinstance(message, tuple) else message)
    for template in SRC.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        # Django doubles the per cent sign of a template before it looks the sentence up
        found |= {match[2].replace("%", "%%") for match in TEMPLATE.finditer(text)}
        found |= {VARIABLE.sub(r"%(\1)s", match) for match in BLOCK.findall(text)}
    return {message for message in found if isinstance(message, str) and re.search(r"[\u4e00-\u9fff]", message)}


def _english() -> dict[str, str]:
    found: dict[str, str] = {}
    for source in SRC.rglob("locale/en/LC_MESSAGES/*.po"):
        with source.open("rb") as file:
            catalogue = read_po(file)
        for message in catalogue:
            if message.id and message.string:
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[key] = message.string if isinstance(message.string, str) else message.string[0]
    return found


def test_sentences_all_have_an_english_twin() -> None:
    assert sorted(_wanted() - set(_english())) == []


def test_sentences_take_the_same_facts_in_both_languages() -> None:
    odd = [key for key, text in _english().items() if set(PLACE.findall(key)) != set(PLACE.findall(text))]
    assert odd == []


@pytest.mark.parametrize(
    "source", sorted(SRC.rglob("locale/en/LC_MESSAGES/*.po")), ids=lambda path: path.parents[3].name
)
def test_catalogue_has_no_sentence_twice(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    ids = re.findall(r'^((?:msgctxt ".+"\n)?msgid ".+")$', text, re.MULTILINE)
    assert len(ids) == len(set(ids))
