"""The hand-made gold of speakers, and how it judges."""

from __future__ import annotations

from collections import Counter

import pytest

from models.quotes.speakers.gold import MENTION_TYPES, GoldSpeaker, plain, read_gold
from stancewire.errors import InputError
from stancewire.records import Speaker

TEXT = "Dame Ona Lind of the F.B.I. and Per Holm met. She said no. A clerk agreed. They left."


def gold(mention: str, *names: str, description: str | None = None) -> GoldSpeaker:
    def span(words: str) -> tuple[int, int]:
        start = TEXT.index(words)
        return start, start + len(words)

    return GoldSpeaker(
        "a",
        span(mention),
        "name",
        tuple(span(name) for name in names),
        (span(description),) if description else (),
        plural=len(names) > 1,
    )


def speaker(name: str) -> Speaker:
    return Speaker(name=name, mention="x", mention_span=(0, 1), resolved_by="name")


def test_the_name_must_be_the_full_one() -> None:
    item = gold("She", "Ona Lind")
    assert item.judge(speaker("Ona Lind"), TEXT)
    assert not item.judge(speaker("Lind"), TEXT)
    assert not item.judge(speaker("Per Holm"), TEXT)


def test_no_speaker_is_wrong_where_the_article_names_one() -> None:
    assert not gold("She", "Ona Lind").judge(None, TEXT)


def test_all_of_several_people_must_be_named() -> None:
    item = gold("They", "Ona Lind", "Per Holm")
    assert item.judge(speaker("Ona Lind and Per Holm"), TEXT)
    assert not item.judge(speaker("Ona Lind"), TEXT)


def test_who_is_not_named_is_described_or_unknown_but_nobody_else() -> None:
    item = gold("A clerk", description="A clerk")
    assert item.judge(speaker("A clerk"), TEXT)
    assert item.judge(None, TEXT)
    assert not item.judge(speaker("Per Holm"), TEXT)


def test_names_are_compared_without_marks_case_and_article() -> None:
    assert plain("the F.B.I.") == plain("FBI")
    assert plain("Siobhán O’Neill") == plain("Siobhan O'Neill")


@pytest.mark.parametrize(("name", "least"), [("dev", 150), ("train", 150), ("held-out", 75)])
def test_the_committed_gold_is_well_formed(name: str, least: int) -> None:
    items = read_gold(name)
    assert len(items) >= least
    counts = Counter(item.type for item in items)
    assert set(counts) == set(MENTION_TYPES)
    assert min(counts.values()) >= least // 3
    for item in items:
        assert item.names or item.descriptions
        assert all(0 <= start < end for start, end in (item.mention, *item.names))


def test_a_set_that_is_not_there_is_named_in_the_error() -> None:
    with pytest.raises(InputError, match=r"other\.jsonl"):
        read_gold("other")
