"""Every example of every component, as the gallery shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils import translation

from xiuhua.ui import rendering
from xiuhua.ui.stylesheet import stylesheet

EXAMPLES = [(name, title) for name in rendering.names() for title in rendering.examples(name)]
IDS = [f"{name}-{title}" for name, title in EXAMPLES]
VOID = {"input", "br", "hr", "img", "meta", "link"}
CJK = re.compile(r"[\u4e00-\u9fff]")


class Walk(HTMLParser):
    """Collects what is wrong with a piece of HTML, and what it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        self.wrong += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag, and what a strict page may not have."""
        found = {key: value or "" for key, value in attrs}
        self.tags.append((tag, found))
        if len(found) != len(attrs):
            self.wrong.append(f"<{tag}> repeats an attribute")
        self.wrong += [f"<{tag} {key}>" for key in found if key == "style" or key.startswith("on")]
        if tag in {"style", "script"}:
            self.wrong.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> out of place")

    def values(self, attribute: str) -> list[str]:
        """Return the attribute's values over all tags."""
        return [attrs[attribute] for _tag, attrs in self.tags if attribute in attrs]


def _html(name: str, title: str) -> str:
    return str(rendering.render(name, rendering.examples(name)[title], csrf_token="token"))  # noqa: S106 - not a password


@pytest.mark.parametrize(("name", "title"), EXAMPLES, ids=IDS)
def test_example_when_rendered_then_is_well_formed_and_strict(name: str, title: str) -> None:
    assert Walk(_html(name, title)).wrong == []


@pytest.mark.parametrize(("name", "title"), EXAMPLES, ids=IDS)
def test_example_when_it_asks_then_every_question_has_a_label(name: str, title: str) -> None:
    walk = Walk(_html(name, title))
    asked = [a for tag, a in walk.tags if tag in {"input", "select", "textarea"} and a.get("type") != "hidden"]
    labels = {attrs.get("for") for tag, attrs in walk.tags if tag == "label"}
    assert [a for a in asked if a.get("id") not in labels] == []
    described = {part for value in walk.values("aria-describedby") for part in value.split()}
    assert described <= set(walk.values("id"))


@pytest.mark.parametrize(("name", "title"), EXAMPLES, ids=IDS)
def test_example_when_it_draws_then_the_drawing_is_named_or_hidden(name: str, title: str) -> None:
    drawings = [attrs for tag, attrs in Walk(_html(name, title)).tags if tag == "svg"]
    assert [a for a in drawings if a.get("aria-hidden") != "true" and not a.get("aria-label")] == []


def test_examples_when_on_one_page_then_ids_are_unique() -> None:
    ids = [key for name, title in EXAMPLES for key in Walk(_html(name, title)).values("id")]
    assert sorted({key for key in ids if ids.count(key) > 1}) == []


def test_components_when_in_english_then_their_own_words_are_english() -> None:
    with translation.override("en"):
        shown = [
            rendering.render("due", {"state": "none"}),
            rendering.render("move", {"change": None}),
            rendering.render("pager", {"total": 1234, "first": 1, "last": 50, "next_href": "?"}),
            rendering.render("mark", {"kind": "red"}),
            rendering.render("chips", {"items": [{"label": "x", "href": "?"}], "clear": "?"}),
            rendering.render("made_up", {}),
        ]
    assert [html for html in shown if CJK.search(html)] == []


def test_component_when_given_a_parameter_it_lacks_then_refuses() -> None:
    with pytest.raises(TypeError):
        rendering.render("mark", {"kind": "red", "colour": "blue"})


def test_component_when_given_markup_as_text_then_escapes_it() -> None:
    html = rendering.render("fig", {"label": "<b>x</b>", "value": "<i>", "note": '"', "href": '"><script>'})
    assert "<b>x" not in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("change", "good", "kind", "sign"),
    [
        pytest.param(1, "up", "better", "▲", id="up is better"),
        pytest.param(-1, "up", "worse", "▼", id="down is worse"),
        pytest.param(-1, "down", "better", "▼", id="fewer is better"),
        pytest.param(1, "down", "worse", "▲", id="more is worse"),
        pytest.param(1, "none", "plain", "+", id="neither"),
        pytest.param(0, "up", "flat", "持平", id="unchanged"),
        pytest.param(None, "up", "flat", "—", id="nothing to compare"),
    ],
)
def test_move_when_shown_then_colour_follows_what_is_good(change: int | None, good: str, kind: str, sign: str) -> None:
    html = rendering.render("move", {"change": change, "good": good})
    assert f'class="xh-move {kind}"' in html
    assert sign in html


def test_stylesheet_when_assembled_then_uses_only_known_tokens() -> None:
    sheet = stylesheet()
    used = set(re.findall(r"var\((--[\w-]+)\)", sheet.text))
    declared = set(re.findall(r"(--[\w-]+):", sheet.text))
    assert used - declared == set()


def test_stylesheet_when_assembled_then_components_use_no_colour_of_their_own() -> None:
    raw = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb\(", path.read_text(encoding="utf-8"))
        for path in Path(rendering.FOLDER).glob("*/*.css")
    }
    assert {name: found for name, found in raw.items() if set(found) - {"#000"}} == {}
