"""What a reader does on the board, done by a browser."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.page.conftest import Board, Visit
from tests.support.statements import article, quotes, stance

Open = Callable[..., Visit]


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def say(board: Board, number: int, words: str) -> None:
    made = article(number, f"Cleo Marsh: {words}", feed="live")
    [quote] = quotes(made)
    board.add([made], [stance(quote, "the-bridge", "favor")])


def test_a_statement_arrives_without_a_reload(board: Board, visit: Open) -> None:
    page = visit(board.page(q="bridge")).page
    expect(page.get_by_text("No statement fits these filters")).to_be_visible()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.evaluate("window.kept = true")
    say(board, 1, "The bridge is safe.")
    expect(page.locator(".card blockquote")).to_have_text("“The bridge is safe.”")
    expect(page.locator("#notes")).to_have_text("1 new statement")
    say(board, 2, "The ferry is not.")
    say(board, 3, "The bridge is open.")
    expect(page.locator(".card blockquote").first).to_have_text("“The bridge is open.”")
    expect(page.locator(".card")).to_have_count(2)
    assert page.evaluate("window.kept")


def test_who_reads_further_down_is_not_moved(board: Board, visit: Open) -> None:
    page = visit(board.page(), viewport={"width": 360, "height": 400}).page
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.evaluate("window.scrollTo({top: 600, behavior: 'instant'})")
    before = page.locator(".card").count()
    read = page.locator(".card").last
    place = read.bounding_box()
    say(board, 4, "The bridge is long.")
    button = page.get_by_role("button", name="Show 1 new statement")
    expect(button).to_be_visible()
    assert page.locator(".card").count() == before
    assert read.bounding_box() == pytest.approx(place, abs=2)
    button.click()
    expect(page.locator(".card blockquote").first).to_have_text("“The bridge is long.”")
    expect(page.locator("#title")).to_be_focused()


def test_filters_are_in_the_address(board: Board, visit: Open) -> None:
    page = visit(board.page()).page
    page.get_by_label("Target", exact=True).select_option(label="the wall")
    expect(page.locator(".card")).to_have_count(3)
    page.get_by_label("Stance", exact=True).select_option("against")
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_label("Text", exact=True).fill("waste")
    page.get_by_label("Text", exact=True).press("Enter")
    expect(page.locator(".card")).to_have_count(1)
    assert asked(page) == {"target": "the-wall", "label": "against", "q": "waste"}
    page.reload()
    expect(page.locator(".card")).to_have_count(1)
    assert page.get_by_label("Stance", exact=True).input_value() == "against"
    page.go_back()
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("button", name="Stance: against").click()
    expect(page.locator(".card")).to_have_count(3)
    assert asked(page) == {"target": "the-wall"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"speaker": "Dana Ruiz"}, 2),
        ({"feed": "herald"}, 1),
        ({"until": "2026-03-02", "target": "the-wall"}, 2),
        ({"since": "2026-03-03", "target": "the-wall"}, 1),
    ],
)
def test_a_link_with_filters(
    board: Board, visit: Open, filters: dict[str, str], found: int
) -> None:
    page = visit(board.page(**filters)).page
    expect(page.locator(".card")).to_have_count(found)
    for name in filters:
        assert page.locator(f"[name={name}]").input_value() == filters[name]


def test_from_the_matrix_to_the_source(board: Board, visit: Open) -> None:
    page = visit(board.page(view="matrix")).page
    cell = page.get_by_role("link", name="Dana Ruiz on the wall: 1 for, 1 against, 0 neutral")
    expect(cell.locator("xpath=..")).to_have_class("mixed strength-1")
    cell.click()
    expect(page.locator(".card")).to_have_count(2)
    assert asked(page) == {"speaker": "Dana Ruiz", "target": "the-wall"}
    page.go_back()
    page.get_by_role("columnheader").get_by_role("link", name="the wall").click()
    expect(page.locator("#title")).to_have_text("the wall")
    expect(page.locator("#title")).to_be_focused()
    expect(page.locator(".camp.favor tbody th")).to_have_text(["Dana Ruiz"])
    expect(page.locator(".camp.against tbody th")).to_have_count(2)
    expect(page.get_by_role("img", name="1 for, 2 against")).to_be_visible()
    page.locator(".camp.favor tbody td a").click()
    page.get_by_role("link", name="In context").click()
    expect(page.locator("mark.quote").last).to_have_text("“The wall will keep us dry.”")
    expect(page.locator("mark.speaker").last).to_have_text("Dana Ruiz")
    expect(page.locator("mark.cue").last).to_have_text("said")
    expect(page.locator(".scroll")).to_contain_text("made-up r1")
    source = page.get_by_role("link", name="Story 1")
    assert source.get_attribute("href") == "https://post.example/1"
    assert source.get_attribute("rel") == "noopener noreferrer nofollow"
    assert source.get_attribute("target") == "_blank"


def test_a_change_of_position_is_marked(board: Board, visit: Open) -> None:
    page = visit(board.page(view="matrix")).page
    page.get_by_role("rowheader").get_by_role("link", name="Dana Ruiz").click()
    expect(page.locator("#title")).to_have_text("Dana Ruiz")
    expect(page.get_by_text("1 change of position")).to_be_visible()
    changed = page.get_by_role("row").filter(has_text="changed")
    expect(changed).to_contain_text("against")
    changed.get_by_role("link").click()
    expect(page.locator("mark.quote").last).to_have_text("“The wall was a mistake.”")


def test_exports_carry_the_filters(board: Board, visit: Open, tmp_path: Path) -> None:
    page = visit(board.page(speaker="Dana Ruiz", target="the-wall")).page
    for kind in ("CSV", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        assert download.value.suggested_filename == f"statements.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
    with (tmp_path / "CSV").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all("Dana Ruiz" in row.values() for row in rows)
    lines = (tmp_path / "JSON").read_text().splitlines()
    assert [json.loads(line)["speaker"]["name"] for line in lines] == ["Dana Ruiz"] * 2


def test_what_cannot_be_had_is_said_and_can_be_tried_again(board: Board, visit: Open) -> None:
    made = visit(board.page())
    page = made.page

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/api/matrix*", refuse)
    page.get_by_role("link", name="Matrix").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")
    page.unroute("**/api/matrix*", refuse)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("columnheader", name="the wall")).to_be_visible()
    page.goto(board.page(view="target", of="nothing"))
    expect(page.get_by_role("alert")).to_contain_text("no such target")
    # The browser itself writes a line for each request that fails.
    assert len(made.faults) == 2
    made.faults.clear()


def test_by_keyboard(board: Board, visit: Open) -> None:
    page = visit(board.page()).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert (skip.bounding_box() or {"x": -1})["x"] >= 0
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    focused = page.get_by_role("button", name="Pause")
    expect(focused).to_be_focused()
    assert focused.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
