"""What "who", "which", "they" and "it" stand for in the words before them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.layout import Layout, Sentence
from models.quotes.speakers.entities import Entity, Mention, Registry, fold
from models.quotes.speakers.plurals import are_people
from models.quotes.speakers.roles import is_person_noun
from models.quotes.speakers.titles import is_certain_verb, joins_name
from models.quotes.speakers.wordlists import places
from models.quotes.tokens import Token, is_adverb
from stancewire.records import Span

# A noun phrase is not longer.
MAX_PHRASE = 12
# "they" and "it" rarely reach further back.
MAX_SENTENCES_BACK = 4
# So many places or organisations may stand between a person and "who".
MAX_STEPS = 3
_BE = words.BE | {"'s", "’s", "became", "become", "remains"}


@dataclass(frozen=True, slots=True)
class Antecedent:
    """What a word stands for: entities that are named, or else words of the text."""

    entities: tuple[Entity, ...]
    span: Span | None


class Antecedents:
    """Looks for the words before a pronoun that it takes up."""

    def __init__(self, layout: Layout, names: Registry) -> None:
        self._layout = layout
        self._names = names

    def relative(self, pronoun: str, position: int, sentence: int) -> Antecedent | None:
        """What "who" or "which" at a position goes on about."""
        tokens, at = self._before(position, sentence)
        while at > 0 and tokens[at - 1].lower in ("and", "but", "or"):
            # "a president who promised peace and who left"
            earlier = next(
                (index for index in range(at - 1, -1, -1) if tokens[index].lower == pronoun), 0
            )
            if earlier == 0:
                break
            at = earlier
        comma = at > 0 and tokens[at - 1].text in (",", "—", "–", "--")
        if comma:
            at -= 1
        for _ in range(MAX_STEPS):
            at = _before_parenthesis(tokens, at)
            phrase = _phrase_before(tokens, at) if at > 0 else None
            if phrase is None:
                return None
            first, last = phrase
            span = tokens[first].start, tokens[last - 1].end
            ending = self._ending(span[1], span[0])
            if pronoun != "who" or ending is None or ending.entity.person:
                break
            governor = _governor(tokens, ending.start)
            if governor is None:
                break
            # "Sen. Ted Cruz of Texas, who", "an anchor at Fox News who"
            at = governor
        return self._of_phrase(tokens, span, first, ending, comma)

    def _of_phrase(
        self, tokens: Sequence[Token], span: Span, first: int, ending: Mention | None, comma: bool
    ) -> Antecedent:
        if ending is not None:
            return Antecedent(tuple(self._pair(ending)) or (ending.entity,), span)
        introduced = self._introduced(tokens, first)
        if introduced is not None:
            return Antecedent((introduced,), span)
        if comma and first > 1 and tokens[first - 1].text == ",":
            mention = self._ending(tokens[first - 2].end, tokens[max(0, first - 8)].start)
            if mention is not None:
                return Antecedent(tuple(self._pair(mention)) or (mention.entity,), span)
        return Antecedent((), span)

    def _ending(self, end: int, start: int) -> Mention | None:
        """The name that a phrase ends with."""
        for mention in reversed(self._names.within((start, end))):
            if mention.end == end:
                return mention
        return None

    def _pair(self, last: Mention) -> list[Entity]:
        """ "Smith and Jones, who"."""
        at = bisect_left(self._names.starts, last.start)
        if at == 0:
            return []
        before = self._names.mentions[at - 1]
        between = self._layout.text[before.end : last.start].split()
        if [word for word in between if word not in ("the", "both")] in (["and"], [",", "and"]):
            return [before.entity, last.entity]
        return []

    def _introduced(self, tokens: Sequence[Token], first: int) -> Entity | None:
        """ "Kaine is a lawyer who", "Samuelson, a staffer who": whom the phrase describes."""
        at = first
        while at > 0 and (is_adverb(tokens[at - 1]) or tokens[at - 1].lower in ("not", "once")):
            at -= 1
        if at == 0:
            return None
        before = tokens[at - 1]
        if before.text == "," and at > 1 and tokens[first].lower in ("a", "an", "the", "one"):
            mention = self._ending(tokens[at - 2].end, tokens[max(0, at - 8)].start)
            return None if mention is None else mention.entity
        if before.lower in _BE and at > 1:
            mention = self._ending(tokens[at - 2].end, tokens[max(0, at - 8)].start)
            return None if mention is None else mention.entity
        return None

    def apposed(self, span: Span, sentence: int) -> Entity | None:
        """Whom a description directly after a name, or before it, describes."""
        tokens, at = self._before(span[0], sentence)
        if at > 1 and tokens[at - 1].text == ",":
            end = _before_parenthesis(tokens, at - 1)
            mention = (
                None
                if end == 0
                else self._ending(tokens[end - 1].end, tokens[max(0, end - 8)].start)
            )
            if mention is not None and not mention.owns:
                return mention.entity
        return None

    def subject(self, cue: Span, sentence: int) -> Mention | None:
        """The name directly before a cue: "Russia has long advocated"."""
        tokens, at = self._before(cue[0], sentence)
        while at > 0 and (is_adverb(tokens[at - 1]) or tokens[at - 1].lower in words.AUXILIARIES):
            at -= 1
        if at == 0:
            return None
        mention = self._ending(tokens[at - 1].end, tokens[max(0, at - 8)].start)
        return None if mention is None or mention.governed else mention

    def title_before(self, span: Span, sentence: int) -> str | None:
        """The quoted title before a description: "Crashing the Party," a documentary"."""
        tokens, at = self._before(span[0], sentence)
        if at > 0 and tokens[at - 1].text == ",":
            at -= 1
        if at == 0 or tokens[at - 1].quote is None:
            return None
        title = tokens[at - 1].text.strip("\"'“”‘’«»„`,. ")
        written = [word for word in title.split() if len(word) > 3]
        return title if written and all(word[0].isupper() for word in written) else None

    def plural(self, position: int, sentence: int) -> Antecedent | None:
        """The people that "they" stands for: two joined names, or a plural noun."""
        for back in range(min(MAX_SENTENCES_BACK, sentence + 1)):
            here = self._layout.sentences[sentence - back]
            found = self._plural_in(here, position if back == 0 else here.tokens[-1].end)
            if found is not None:
                return found
        return None

    def _plural_in(self, sentence: Sentence, limit: int) -> Antecedent | None:
        tokens = sentence.tokens
        for mention in self._names.within((tokens[0].start, limit)):
            pair = self._pair(mention) if mention.end < limit else []
            people = all(entity.person for entity in pair)
            if pair and (people or not any(_is_place(entity) for entity in pair)):
                return Antecedent(tuple(pair), None)
        for index, token in enumerate(tokens):
            if token.start >= limit:
                break
            if not are_people(tokens, index):
                continue
            phrase = _phrase_before(tokens, index + 1)
            if phrase is None:
                continue
            first, last = phrase
            governed = first > 0 and (
                tokens[first - 1].lower in words.PREPOSITIONS | _BE or tokens[first].lower == "not"
            )
            if not governed:
                return Antecedent((), (tokens[first].start, tokens[last - 1].end))
        return None

    def thing(self, position: int, sentence: int) -> Entity | None:
        """The organisation or country that "it" stands for."""
        for back in range(MAX_SENTENCES_BACK):
            if sentence - back < 0:
                return None
            here = self._layout.sentences[sentence - back].tokens
            limit = position if back == 0 else here[-1].end
            inside = [
                mention
                for mention in self._names.within((here[0].start, limit))
                if mention.entity.sure < 2
                and not mention.modifies
                and mention.entity.name[-1] != "."
            ]
            free = [mention for mention in inside if not mention.governed and not mention.owns]
            acting = [mention for mention in free if mention.acts]
            if free:
                return (acting or free)[0].entity
            if inside and back > 0:
                return inside[-1].entity
        return None

    def _before(self, position: int, sentence: int) -> tuple[Sequence[Token], int]:
        tokens = self._layout.sentences[sentence].tokens
        return tokens, bisect_left(tokens, position, key=lambda token: token.start)


def _is_place(entity: Entity) -> bool:
    return all(part in places() for part in fold(entity.name).split())


def _before_parenthesis(tokens: Sequence[Token], end: int) -> int:
    """Steps over "(D-Ohio)" before a position."""
    if end > 0 and tokens[end - 1].text == ")":
        for index in range(end - 1, max(-1, end - 12), -1):
            if tokens[index].text == "(":
                return index
    return end


def _governor(tokens: Sequence[Token], start: int) -> int | None:
    """Where the preposition stands that a name depends on: "of" in "Ted Cruz of Texas"."""
    at = bisect_left(tokens, start, key=lambda token: token.start)
    while at > 0 and tokens[at - 1].lower in words.DETERMINERS:
        at -= 1
    if at < 2 or tokens[at - 1].lower not in ("of", "at", "in", "from", "for", "on"):
        return None
    head = tokens[at - 2]
    governs = head.is_capital or is_person_noun(head.lower) or head.lower in ("those", "people")
    return at - 1 if governs or are_people(tokens, at - 2) else None


def _phrase_before(tokens: Sequence[Token], end: int) -> tuple[int, int] | None:
    """The noun phrase that ends at a position; "of" joins two."""
    first = end
    while first > 0 and end - first < MAX_PHRASE:
        token = tokens[first - 1]
        lower = token.lower
        if token.quote is not None or not token.is_word:
            if token.text in ("-", "'s", "’s", "&", "/") or token.lower == "%":
                first -= 1
                continue
            break
        if lower == "that":
            break
        if lower in words.DETERMINERS:
            first -= 1
            # "of" and a plural before it: "some of the voters".
            if first > 1 and tokens[first - 1].lower == "of":
                first -= 1
                continue
            break
        if lower in ("of", "and") or joins_name(tokens, first - 1):
            first -= 1
            continue
        if lower in words.PREPOSITIONS | words.CONJUNCTIONS | words.AUXILIARIES | words.BE:
            break
        if lower in ("including", "such"):
            break
        if lower in words.SUBJECT_PRONOUNS or lower in ("him", "her", "them", "us", "me"):
            break
        if token.text == lower and is_certain_verb(lower) and first < end:
            break
        first -= 1
    while first < end and (tokens[first].lower in ("of", "and") or not (tokens[first].is_word)):
        first += 1
    return (first, end) if first < end else None
