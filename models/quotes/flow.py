"""Attribution across sentences: split quotations, introduced ones, ones that stand alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes.attribution import attribute_sentence, find_signature
from models.quotes.layout import Layout, Sentence
from models.quotes.lexicon import Lexicon
from models.quotes.marks import is_mark, is_single
from models.quotes.reading import MIN_FREE_QUOTE_WORDS, QUOTING_RULES, Attribution
from models.quotes.tokens import Token, quoted_end
from models.quotes.transcript import find_turns


@dataclass(slots=True)
class _Last:
    """The attribution that a later quotation may belong to."""

    item: Attribution
    paragraph: int
    sentence: int
    splittable: bool


def attribute(layout: Layout, lexicon: Lexicon) -> list[Attribution]:
    """All attributions of an article, in the order of the text."""
    found: list[Attribution] = []
    last: _Last | None = None
    introduced: _Last | None = None
    unsigned: _Last | None = None
    double = any(not is_single(layout.text[item.start]) for item in layout.quotations)
    turns = find_turns(layout.text)
    spoken = [(turn.clause or turn.contents[0])[0] for turn in turns]
    for index, sentence in enumerate(layout.sentences):
        if _is_spoken(sentence, turns, spoken):
            continue
        lone = _lone_quotes(sentence)
        if lone:
            first_paragraph = (
                sentence.paragraph - len(lone[0].quote.pieces) + 1
                if (lone[0].quote)
                else sentence.paragraph
            )
            if introduced is not None and first_paragraph - introduced.paragraph <= 1:
                item = introduced.item
                item.contents.extend(_pieces(lone))
                item.rule, item.open = "introduced", False
                found.append(item)
                last = _Last(item, sentence.paragraph, index, True)
            elif last is not None and last.splittable and last.paragraph == first_paragraph:
                last.item.contents.extend(_pieces(lone))
                last = _Last(last.item, sentence.paragraph, index, True)
            else:
                near = last is not None and first_paragraph - last.paragraph <= 1
                item = _standing_alone(lone, index, last if near else None)
                unsigned = _Last(item, sentence.paragraph, index, True)
                if _speaks(lone) and not (double and _is_single(lone)):
                    found.append(item)
                    last = unsigned
            introduced = None
            continue
        if unsigned is not None and unsigned.paragraph + 1 == sentence.paragraph:
            signature = find_signature(sentence)
            if signature is not None:
                item = unsigned.item
                if not found or found[-1] is not item:
                    found.append(item)
                item.source, item.cue = signature
                item.rule, item.sentence = "dash", index
                last = introduced = unsigned = None
                continue
        unsigned = None
        items = attribute_sentence(sentence, index, lexicon)
        introduced = None
        for item in items:
            if item.open:
                introduced = _Last(item, sentence.paragraph, index, True)
            else:
                item.contents = _expand(item.contents, sentence)
                found.append(item)
                splittable = _ends_quoted(item, layout.text)
                # What a quotation's sentence says besides does not part it from its rest.
                if splittable or last is None or not (last.splittable and last.sentence == index):
                    last = _Last(item, sentence.paragraph, index, splittable)
    return sorted([*found, *turns], key=lambda item: item.contents[0])


def _is_spoken(sentence: Sentence, turns: Sequence[Attribution], starts: Sequence[int]) -> bool:
    """Whether a sentence shares words with a turn of a transcript."""
    at = bisect_left(starts, sentence.tokens[-1].end) - 1
    return at >= 0 and turns[at].contents[-1][1] > sentence.tokens[0].start


def _standing_alone(quotes: Sequence[Token], sentence: int, before: _Last | None) -> Attribution:
    """What the speaker of the attribution before goes on to say, or nobody if there is none."""
    return Attribution(
        contents=_pieces(quotes),
        source=None,
        cue=None,
        rule="orphan" if before is None else "standalone",
        sentence=sentence,
        clause=before.item.clause if before is not None and before.splittable else None,
    )


def _lone_quotes(sentence: Sentence) -> list[Token]:
    """The quotations of a sentence that has no words outside of them."""
    quotes = [token for token in sentence.tokens if token.quote is not None]
    if not quotes or any(token.is_word for token in sentence.tokens):
        return []
    return quotes


def _speaks(quotes: Sequence[Token]) -> bool:
    """Whether quotations that stand alone are speech rather than a title or a heading."""
    return any(
        token.text.count(" ") + 1 >= MIN_FREE_QUOTE_WORDS and quoted_end(token) in ".?!…,—–-"
        for token in quotes
    )


def _is_single(quotes: Sequence[Token]) -> bool:
    """A heading, where the text sets speech in double marks."""
    return all(is_single(token.text[0]) for token in quotes)


def _pieces(quotes: Sequence[Token]) -> list[tuple[int, int]]:
    return [piece for token in quotes if token.quote for piece in token.quote.pieces]


def _expand(contents: Sequence[tuple[int, int]], sentence: Sentence) -> list[tuple[int, int]]:
    """Parts a content at the paragraph breaks of the quotation that it is."""
    quotes = {
        (token.start, token.end): token.quote
        for token in sentence.tokens
        if token.quote is not None
    }
    expanded: list[tuple[int, int]] = []
    for span in contents:
        quote = quotes.get(span)
        expanded.extend([span] if quote is None else quote.pieces)
    return expanded


def _ends_quoted(item: Attribution, text: str) -> bool:
    """Whether a quotation right after may be the same one, split by its attribution."""
    if not item.contents or item.rule not in QUOTING_RULES:
        return False
    end = item.contents[-1][1]
    return text[end - 1 : end] in "\"”“»«'’"


def rejoin(items: Sequence[Attribution], layout: Layout) -> list[Attribution]:
    """Gives a quotation that stands alone to the attribution in the sentence before it.

    `Ruiz restricted himself to the bridge. "If it falls, we pay."`: within a paragraph, nobody
    else speaks. Items are disjoint and in the order of the text.
    """
    kept: list[Attribution] = []
    sentence = -1
    for item in items:
        if kept and item.sentence == sentence + 1 and _is_lone(item, layout.text):
            last = kept[-1].contents
            if "\n" not in layout.text[last[-1][1] : item.contents[0][0]]:
                last.extend(item.contents)
                sentence = item.sentence
                continue
        kept.append(item)
        sentence = item.sentence
    return kept


def _is_lone(item: Attribution, text: str) -> bool:
    return (
        item.cue is None
        and item.source is None
        and all(is_mark(text[start]) for start, _ in item.contents)
        and text[item.contents[-1][1] - 2] in ".?!…"
    )
