from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from producers.watchedlist import LOOK_EVERY_S, WatchedList
from stancewire.errors import ConfigError


def test_a_change_is_seen_and_a_bad_one_is_not_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = tmp_path / "feeds.yaml"
    path.write_text("- http://a.example/\n")
    now = 0.0

    def later() -> list[str]:
        nonlocal now
        now += LOOK_EVERY_S
        return [feed.url for feed in watched()]

    watched = WatchedList(path, lambda: now)
    first = watched()
    assert watched() is first
    path.write_text("- http://a.example/\n- http://b.example/\n")
    assert watched() is first  # it was looked at just now
    assert later() == ["http://a.example/", "http://b.example/"]
    assert "2 feeds" in caplog.text

    path.write_text("- http://a.example/\n- uri: x\n")
    assert len(later()) == 2
    assert "feeds.yaml, line 2" in caplog.text
    caplog.clear()
    assert len(later()) == 2
    assert caplog.text == ""

    path.unlink()
    assert len(later()) == 2
    assert "feeds.yaml" in caplog.text
    path.write_text("- http://c.example/\n")
    assert later() == ["http://c.example/"]


def test_a_link_that_is_turned_to_another_file_is_a_change(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text(f"- http://{name}.example/\n")
    link = tmp_path / "feeds.yaml"
    link.symlink_to("a.yaml")
    now = 0.0
    watched = WatchedList(link, lambda: now)
    new = tmp_path / "new"
    new.symlink_to("b.yaml")
    os.replace(new, link)
    now += LOOK_EVERY_S
    assert [feed.url for feed in watched()] == ["http://b.example/"]


def test_a_bad_list_at_first_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feeds\.yaml"):
        WatchedList(tmp_path / "feeds.yaml")
