"""Who the source of a statement is, by name, pronoun, description or context."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from models.quotes import words
from models.quotes.layout import Layout
from models.quotes.names import Entity, Mention, Registry, read_names
from models.quotes.reading import Attribution
from models.quotes.titles import KINDS, Gender, joins_name, run_end, take_apart
from models.quotes.tokens import Token, tokenise
from models.quotes.words import word_set
from stancewire.records import ResolvedBy, Span, Speaker

# A pronoun or description rarely reaches further back.
MAX_SENTENCES_BACK = 8
# Bounds the work for each description.
MAX_MENTIONS_BACK = 200

_PERSON_NOUNS = words.ROLE_NOUNS | word_set(
    "official pm politician lawmaker congressman congresswoman representative businessman"
    " businesswoman billionaire nominee democrat republican man woman expert scholar"
    " scientist reporter journalist columnist host anchor actor actress singer comedian"
    " star diplomat premier chancellor king queen prince pope bishop legislator veteran"
    " frontrunner front-runner mogul commentator pundit doctor student teacher pastor"
    " reverend"
)
_GENERIC = word_set("official politician lawmaker diplomat expert man woman leader")
_TITLE_OF = {
    "senator": ("sen", "senator"),
    "governor": ("gov", "governor"),
    "congressman": ("rep", "congressman", "representative"),
    "congresswoman": ("rep", "congresswoman", "representative"),
    "lawmaker": ("rep", "sen", "senator", "congressman", "congresswoman", "representative"),
    "general": ("gen", "general"),
    "doctor": ("dr", "doctor"),
    "professor": ("prof", "professor"),
    "candidate": ("candidate", "nominee"),
    "nominee": ("nominee", "candidate"),
    "minister": ("minister",),
    "pm": ("premier", "minister"),
}
_MALE_NOUNS = word_set("man congressman spokesman businessman chairman king prince actor")
_FEMALE_NOUNS = word_set(
    "woman congresswoman spokeswoman businesswoman chairwoman queen princess actress"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A speaker already found, for pronouns and quotations that follow."""

    speaker: Speaker
    entity: Entity | None
    sentence: int
    plural: bool


class SpeakerResolver:
    """Resolves the sources of one article, in the order of the text."""

    def __init__(self, layout: Layout) -> None:
        self._text = layout.text
        self._names: Registry = read_names(layout)
        self._starts = [mention.start for mention in self._names.mentions]
        self._said: list[_Said] = []

    def resolve(self, item: Attribution) -> Speaker | None:
        """The speaker of an attribution; None where the article does not say."""
        if item.source is None:
            found = self._from_context(item)
        else:
            found = self._from_source(item.source, item.sentence)
        if found is not None:
            self._said.append(found)
            return found.speaker
        return None

    def _from_context(self, item: Attribution) -> _Said | None:
        if not self._said or item.rule != "standalone":
            return None
        before = self._said[-1]
        if item.sentence - before.sentence > MAX_SENTENCES_BACK:
            return None
        speaker = before.speaker.model_copy(update={"resolved_by": "context"})
        return _Said(speaker, before.entity, item.sentence, before.plural)

    def _from_source(self, span: Span, sentence: int) -> _Said | None:
        tokens = tokenise(self._text, *span)
        if not tokens:
            return None
        if len(tokens) == 1 and tokens[0].lower in words.SUBJECT_PRONOUNS:
            return self._from_pronoun(tokens[0], span, sentence)
        named = self._named(tokens) or self._named_after(tokens)
        if named is not None:
            return self._make(named, span, sentence, "name")
        return self._from_description(tokens, span, sentence)

    def _make(self, entity: Entity, span: Span, sentence: int, resolved_by: ResolvedBy) -> _Said:
        speaker = Speaker(
            name=entity.name,
            mention=self._text[span[0] : span[1]],
            mention_span=span,
            role=entity.role,
            resolved_by=resolved_by,
        )
        return _Said(speaker, entity, sentence, plural=False)

    def _named(self, tokens: Sequence[Token]) -> Entity | None:
        """The entity whose name is the head of a source phrase."""
        end = _core_end(tokens)
        if end == 0 or not tokens[end - 1].is_capital or _is_kind(tokens, end):
            return None
        first = end
        while first > 0 and (
            tokens[first - 1].is_capital
            or tokens[first - 1].lower
            in (
                "of",
                "de",
                "van",
                "von",
                "al",
                "bin",
                "&",
                "for",
            )
        ):
            first -= 1
        while first < end and not tokens[first].is_capital:
            first += 1
        if first > 0 and tokens[first - 1].lower.endswith(("ing", "ed")):
            # "Democrats supporting Smith": the name is not the head.
            return None
        phrase = take_apart(tokens, first, end, self._text)
        if phrase is None or _is_compound(tokens, first, end):
            return None
        at = bisect_left(self._starts, phrase.start)
        mentions = self._names.mentions
        if at < len(mentions) and mentions[at].start == phrase.start:
            entity = mentions[at].entity
            # "Friends" at the start of a sentence is a noun, "Ruiz" is a name.
            return entity if entity.inside or not entity.name.endswith("s") else None
        known = self._names.find(phrase.name)
        if known is not None:
            return known
        # A run may begin with words of the role: look for the known name that it ends with.
        for mention in self._mentions_within((tokens[first].start, phrase.end)):
            if mention.end == phrase.end:
                return mention.entity
        return Entity(phrase.name, phrase.name.split()[-1].lower(), True, phrase.role)

    def _named_after(self, tokens: Sequence[Token]) -> Entity | None:
        """ "her campaign manager, Alan Beck,": a description, then the name itself."""
        end = _core_end(tokens)
        comma = next((at for at in range(end, len(tokens)) if tokens[at].text == ","), None)
        if end == 0 or comma is None or comma + 1 >= len(tokens):
            return None
        last = run_end(tokens, comma + 1)
        # "the warden, Paul Ash,": after a determiner a full name tells as much as a known role.
        told = tokens[0].lower in words.DETERMINERS | words.POSSESSIVES and last > comma + 2
        if last == comma + 1 or not (told or words.is_role(tokens[end - 1].lower)):
            return None
        if last < len(tokens) and tokens[last].text != ",":
            return None
        entity = self._named(tokens[comma + 1 : last])
        if entity is not None and entity.role is None and entity.person:
            start = 1 if tokens[0].lower in words.DETERMINERS | words.POSSESSIVES else 0
            entity.role = self._text[tokens[start].start : tokens[comma - 1].end]
        return entity

    def _mentions_within(self, span: Span) -> list[Mention]:
        low, high = bisect_left(self._starts, span[0]), bisect_left(self._starts, span[1])
        return self._names.mentions[low:high]

    # --- pronouns --------------------------------------------------------------------------

    def _from_pronoun(self, token: Token, span: Span, sentence: int) -> _Said | None:
        lower = token.lower
        if lower == "who":
            at = bisect_left(self._starts, span[0]) - 1
            if at >= 0 and 0 <= span[0] - self._names.mentions[at].end <= 2:
                return self._make(self._names.mentions[at].entity, span, sentence, "context")
            return None
        if lower in ("he", "she"):
            gender: Gender = "male" if lower == "he" else "female"
            entity = self._person(gender, span[0], sentence)
            if entity is None:
                return None
            entity.gender = entity.gender or gender
            return self._make(entity, span, sentence, "pronoun")
        if lower in ("they", "it"):
            for before in reversed(self._said[-4:]):
                if sentence - before.sentence > 3:
                    return None
                if before.plural if lower == "they" else not _personal(before):
                    speaker = before.speaker.model_copy(
                        update={
                            "mention": token.text,
                            "mention_span": span,
                            "resolved_by": "pronoun",
                        }
                    )
                    return _Said(speaker, before.entity, sentence, before.plural)
        return None

    def _person(self, gender: Gender, position: int, sentence: int) -> Entity | None:
        """The nearest person of a gender: speakers first, then subjects, sentence by sentence."""
        said = {
            item.sentence: item.entity
            for item in self._said[-MAX_SENTENCES_BACK:]
            if item.entity is not None and item.entity.person
        }
        at = bisect_left(self._starts, position) - 1
        mentions = self._names.mentions
        unknown: Entity | None = None
        for back in range(MAX_SENTENCES_BACK + 1):
            here = sentence - back
            candidates: list[Entity] = []
            speaker = said.get(here)
            if speaker is not None:
                candidates.append(speaker)
            in_sentence: list[Mention] = []
            while at >= 0 and mentions[at].sentence == here:
                in_sentence.append(mentions[at])
                at -= 1
            in_sentence.reverse()
            # A subject stands before an object; an owner is neither.
            candidates.extend(mention.entity for mention in in_sentence if not mention.owns)
            candidates.extend(mention.entity for mention in in_sentence if mention.owns)
            for entity in candidates:
                if not entity.person:
                    continue
                if entity.gender == gender:
                    return entity
                if entity.gender is None and unknown is None and entity.inside:
                    unknown = entity
            if unknown is not None:
                return unknown
        return unknown

    # --- descriptions ----------------------------------------------------------------------

    def _from_description(self, tokens: Sequence[Token], span: Span, sentence: int) -> _Said | None:
        end = _core_end(tokens)
        head = tokens[end - 1].lower if end else ""
        definite = tokens[0].lower in ("the", "this", "that")
        complete = end == len(tokens) or tokens[end].text == ","
        if definite and complete and head in _PERSON_NOUNS and end <= 5:
            entity = self._described(tokens[1 : end - 1], head, span[0], sentence)
            if entity is not None:
                return self._make(entity, span, sentence, "description")
        if tokens[0].lower in words.SUBJECT_PRONOUNS or not head:
            return None
        if all(token.lower in words.DETERMINERS - {"some", "many", "most"} for token in tokens):
            return None
        mention = self._text[span[0] : span[1]]
        name = " ".join(mention.split(",")[0].split())
        plural = head.endswith("s") and not head.endswith("ss")
        speaker = Speaker(
            name=name, mention=mention, mention_span=span, role=None, resolved_by="description"
        )
        return _Said(speaker, None, sentence, plural)

    def _described(
        self, modifiers: Sequence[Token], head: str, position: int, sentence: int
    ) -> Entity | None:
        """The person whom "the senator" or "the official" stands for."""
        gender: Gender | None = None
        if head in _MALE_NOUNS:
            gender = "male"
        elif head in _FEMALE_NOUNS:
            gender = "female"
        titles = _TITLE_OF.get(head, (head,))
        recent: Entity | None = None
        for item in reversed(self._said[-12:]):
            entity = item.entity
            if entity is None or not entity.person:
                continue
            if gender is not None and entity.gender not in (None, gender):
                continue
            if _has_role(entity, titles, modifiers):
                return entity
            if recent is None and sentence - item.sentence <= 4:
                recent = entity
        at = bisect_left(self._starts, position)
        for mention in reversed(self._names.mentions[max(0, at - MAX_MENTIONS_BACK) : at]):
            if mention.entity.person and _has_role(mention.entity, titles, modifiers):
                return mention.entity
        return recent if head in _GENERIC or head in _TITLE_OF else None


def _has_role(entity: Entity, titles: Sequence[str], modifiers: Sequence[Token]) -> bool:
    """Whether somebody's role is one of the titles; a vice president is no president."""
    role = {word.lower().strip(".,") for word in (entity.role or "").split()}
    given = {token.lower for token in modifiers}
    return not role.isdisjoint(titles) and ("vice" in role) == ("vice" in given)


def _is_kind(tokens: Sequence[Token], end: int) -> bool:
    """ "a New Hampshire Republican": what somebody is, not a name."""
    return tokens[end - 1].lower in KINDS and (
        end == 1 or tokens[0].lower in words.DETERMINERS or tokens[end - 1].lower.endswith("s")
    )


def _is_compound(tokens: Sequence[Token], first: int, end: int) -> bool:
    """ "Smith and Jones"."""
    return end == len(tokens) and any(token.lower == "and" for token in tokens[:first])


def _personal(said: _Said) -> bool:
    return said.entity is not None and said.entity.person


def _core_end(tokens: Sequence[Token]) -> int:
    """The end of the phrase's core: before its appositive or its prepositions."""
    for index, token in enumerate(tokens):
        if (
            token.quote is None
            and index > 0
            and (
                token.text in (",", "(", "—", "–")
                or (token.lower in words.PREPOSITIONS and not joins_name(tokens, index))
                or token.lower in ("who", "that", "which")
            )
        ):
            return index
    return len(tokens)
