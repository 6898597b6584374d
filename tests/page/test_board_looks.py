"""Every view of the board: on a phone, in the dark, for a screen reader, with hostile records."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.page.conftest import Board
from tests.page.records import LONG, MARKUP, RUN, TURNED, hostile
from tests.page.test_board_page import Open

HARMFUL = f"{TURNED}{MARKUP}"
VIEWS: dict[str, dict[str, str]] = {
    "statements": {},
    "filtered": {"q": "wall", "target": "the-wall", "label": "against"},
    "nothing found": {"q": "unheard"},
    "matrix": {"view": "matrix"},
    "targets": {"view": "targets"},
    "speakers": {"view": "speakers"},
    "target": {"view": "target", "of": "the-wall"},
    "speaker": {"view": "speaker", "of": "Dana Ruiz"},
    "statement": {"view": "statement", "of": "1"},
    "hostile statement": {"view": "statement", "of": "4"},
    "long statement": {"view": "statement", "of": "5"},
    "hostile target": {"view": "target", "of": HARMFUL},
    "hostile speaker": {"view": "speaker", "of": HARMFUL},
    "hostile filters": dict.fromkeys(("q", "speaker", "target", "feed"), HARMFUL),
}
SCHEMES = ("light", "dark")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_serious_fault_of_accessibility(
    board: Board, visit: Open, view: str, scheme: str
) -> None:
    page = visit(board.page(**VIEWS[view]), color_scheme=scheme).page
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_does_not_scroll_sideways(board: Board, visit: Open, view: str) -> None:
    page = visit(board.page(**VIEWS[view]), viewport={"width": 360, "height": 740}).page
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def colours(page: Page) -> list[str]:
    return [
        page.locator(where).first.evaluate(f"node => getComputedStyle(node).{what}")
        for where, what in (("body", "backgroundColor"), ("body", "color"), ("a", "color"))
    ]


def test_the_dark_has_colours_of_its_own(board: Board, visit: Open) -> None:
    light, dark = (colours(visit(board.page(), color_scheme=scheme).page) for scheme in SCHEMES)
    assert all(one != other for one, other in zip(light, dark, strict=True))


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_text_is_text(board: Board, visit: Open, view: str) -> None:
    """That nothing ran, was asked for or was refused by the policy, `visit` looks at."""
    page = visit(board.page(**VIEWS[view])).page
    assert page.locator("main img, main script, main iframe, main [onerror]").count() == 0
    assert page.locator("[href^='javascript']").count() == 0
    shown = page.locator("body").inner_text()
    assert not set(TURNED) & set(shown)
    assert len(shown) < 50_000
    if view.startswith("hostile") or view in ("statements", "matrix", "targets", "speakers"):
        assert MARKUP[:35] in shown


def test_hostile_text_in_its_paragraph_is_text(board: Board, visit: Open) -> None:
    page = visit(board.page(view="statement", of="4")).page
    expect(page.locator("mark.quote").last).to_have_text(f"“{MARKUP}”")
    expect(page.locator("dd").filter(has_text=MARKUP)).to_have_count(4)
    assert page.get_by_role("link", name=MARKUP).count() == 2  # the speaker and the target
    assert RUN not in page.content()


def test_hostile_text_that_comes_live_is_text(board: Board, visit: Open) -> None:
    page = visit(board.page(q="livescript")).page
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    harmful, about = hostile(90, f"{HARMFUL} livescript")
    board.add([harmful], [about])
    expect(page.locator(".card blockquote")).to_have_text(f"“{MARKUP} livescript”")


def test_long_text_is_cut_until_asked_for(board: Board, visit: Open) -> None:
    page = visit(board.page()).page
    card = page.locator("[data-number='5']")
    assert len(card.inner_text()) < 2000
    card.get_by_role("button", name="Show all 100,002 characters").click()
    expect(card.locator("blockquote")).to_contain_text(LONG)
