"""What the board shows in these tests: a small debate, and records that mean harm."""

from __future__ import annotations

from stancewire.records import Article, Feed, ModelInfo, Stance, TargetRef
from tests.support.statements import article, quotes, stance

RUIZ = "Dana Ruiz: The wall will keep us dry."
BECK = "Alan Beck: The wall is a waste of forty million."
TURN = "Dana Ruiz: The wall was a mistake."

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"/&"
# Turns the direction of what follows, were it not taken out.
TURNED = "\u202e\u2066\u200f"
LONG = "z" * 100_000
RUN = "javascript:alert(3)"


def debate() -> tuple[list[Article], list[Stance]]:
    """Ruiz for, then against the wall; Beck against it; all in two feeds."""
    first = article(1, RUIZ, BECK)
    later = article(40, TURN, feed="herald")
    ruiz, beck = quotes(first)
    [turn] = quotes(later)
    return [first, later], [
        stance(ruiz, "the-wall", "favor"),
        stance(ruiz, "a-tax", "neutral"),
        stance(beck, "the-wall", "against"),
        stance(turn, "the-wall", "against"),
    ]


def hostile(number: int, text: str) -> tuple[Article, Stance]:
    """`text` in every field that takes one, and links that would run."""
    made = article(number, f"{text}: {text}").model_copy(
        update={"title": text, "url": RUN, "feed": Feed(id=text, url=RUN, title=text)}
    )
    [quote] = quotes(made)
    assert quote.speaker is not None
    model = ModelInfo(name=text, revision=text)
    quote = quote.model_copy(
        update={"speaker": quote.speaker.model_copy(update={"role": text}), "model": model}
    )
    shown = stance(quote, "x", "favor", model)
    return made, shown.model_copy(update={"target": TargetRef(id=text, name=text)})


def everything() -> tuple[list[Article], list[Stance]]:
    articles, stances = debate()
    for number, text in enumerate((f"{TURNED}{MARKUP}", LONG), 80):
        harmful, about = hostile(number, text)
        articles.append(harmful)
        stances.append(about)
    return articles, stances
