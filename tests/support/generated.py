"""Generated articles: as many as wanted, the same ones for the same numbers."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from stancewire.identity import content_hash, stable_id
from stancewire.records import Article, Feed

FEED = Feed(id="generated", url="https://generated.example/feed.xml", title="Generated")
FETCHED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

PEOPLE = ("Maria Ochoa", "John Whitfield", "Aisha Rahman", "Pierre Laval", "Greta Nyström")
ROLES = ("senator", "mining executive", "union leader", "transport minister", "biologist")
SUBJECTS = ("the new tram line", "a carbon tax", "the harbour wall", "the school merger")
VIEWS = (
    "We need {subject}, and we need it now",
    "I will vote against {subject}",
    "Nobody has shown me a figure for {subject} that I can trust",
    "{subject} is the best thing to happen to this town in years",
)


def article(number: int) -> Article:
    """Three or four statements: direct, split over paragraphs, indirect, mixed."""
    draw = random.Random(number)
    person, role = draw.choice(PEOPLE), draw.choice(ROLES)
    subject = draw.choice(SUBJECTS)
    first, second = (v.format(subject=subject) for v in draw.sample(VIEWS, 2))
    first, second = first[0].upper() + first[1:], second[0].upper() + second[1:]
    paragraphs = [
        f"The council met on Monday to discuss {subject}, its {number}th debate of the year.",
        f'"{first}," said {person}, a {role}. "{second}."',
        f"{person.split()[-1]} told reporters that {subject} would cost {number} million.",
        f'A neighbour called the plan "a mess in {number} parts."',
    ]
    if number % 3 == 0:
        paragraphs.append(f'"This is statement {number}," the {role} added.')
    text = "\n\n".join(paragraphs)
    return Article(
        id=stable_id("generated", number),
        url=f"https://generated.example/{number}",
        title=f"Debate {number}",
        text=text,
        language="en",
        published_at=FETCHED_AT,
        fetched_at=FETCHED_AT,
        feed=FEED,
        content_hash=content_hash(f"Debate {number}", text),
    )
