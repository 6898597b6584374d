"""Draws pictures of a board that is up, for the docs: `python -m tests.page.draw URL docs/`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.page.conftest import CHROMIUM

# Name, path, width and height in CSS pixels, colour scheme.
PICTURES = (
    ("board-stream", "/", 1280, 900, "light"),
    ("matrix", "/?view=matrix", 1280, 760, "light"),
    ("board-target", "/?view=target&of=carbon-tax", 768, 900, "light"),
    ("board-phone", "/", 360, 740, "dark"),
)


def main(url: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, path, width, height, scheme in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page = context.new_page()
            page.goto(f"{url.rstrip('/')}{path}")
            page.locator("main [role=status].loading").wait_for(state="detached")
            page.wait_for_timeout(500)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
