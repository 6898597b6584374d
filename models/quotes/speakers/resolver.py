"""Who the source of a statement is, by name, pronoun, description or context."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.quotes import words
from models.quotes.layout import Layout
from models.quotes.reading import Attribution
from models.quotes.speakers.antecedents import Antecedent, Antecedents
from models.quotes.speakers.descriptions import People, is_person_head
from models.quotes.speakers.documents import made_by, original, poll_name
from models.quotes.speakers.entities import Entity, Registry
from models.quotes.speakers.names import read_names
from models.quotes.speakers.organisations import Organisations
from models.quotes.speakers.plurals import is_plural
from models.quotes.speakers.referents import GENDERS, Referents
from models.quotes.speakers.roles import DOCUMENT_NOUNS, GROUP_NOUNS
from models.quotes.speakers.said import Said, Source, as_it_is, named, unnamed
from models.quotes.speakers.sourcephrase import Names, core_end
from models.quotes.tokens import tokenise
from models.quotes.words import word_set
from stancewire.records import ResolvedBy, Span, Speaker

# A pronoun or description rarely reaches further back.
MAX_SENTENCES_BACK = 8
# "they" and "it" reach less far back to a speaker.
MAX_SENTENCES_BACK_TO_PLURAL = 3
# A longer description tells who it is by itself.
MAX_DESCRIPTION = 7
MAX_SPEAKERS_BACK = 12

_PLURAL_PRONOUNS = word_set("they them their theirs themselves")
_THING_PRONOUNS = word_set("it its itself")
_RELATIVES = word_set("who which that whose whom")
_NOBODY = word_set("i we you my our your me us mine myself ourselves what there")
_DEFINITE = word_set("the this that these those")
_NUMBERS = {"two": 2, "both": 2, "three": 3, "four": 4, "duo": 2, "pair": 2, "trio": 3}
_FINDINGS = word_set("results findings result numbers figures")


class SpeakerResolver:
    """Resolves the sources of one article, in the order of the text."""

    def __init__(self, layout: Layout) -> None:
        self._text = layout.text
        self.registry: Registry = read_names(layout)
        self._names = Names(self.registry, layout.text)
        self.referents = Referents(layout, self.registry)
        self._people = People(self.registry)
        self._organisations = Organisations(layout, self.registry)
        self._antecedents = Antecedents(layout, self.registry)
        self._said: list[Said] = []

    def resolve(self, item: Attribution) -> Speaker | None:
        """The speaker of an attribution; None where the article does not say."""
        if item.source is None:
            found = self._from_cue(item) or self._from_context(item)
        else:
            found = self._from_source(item.source, item.sentence)
        if found is None:
            return None
        self._said.append(found)
        for entity in found.entities:
            start = found.speaker.mention_span[0] if item.source else item.contents[0][0]
            self.referents.spoke(entity, start, item.sentence)
        return found.speaker

    def _from_context(self, item: Attribution) -> Said | None:
        if not self._said or item.rule != "standalone":
            return None
        before = self._said[-1]
        if item.sentence - before.sentence > MAX_SENTENCES_BACK:
            return None
        return before.goes_on(item.sentence)

    def _from_cue(self, item: Attribution) -> Said | None:
        """Whose name stands directly before a cue, where the extractor found no source."""
        mention = None if item.cue is None else self._antecedents.subject(item.cue, item.sentence)
        if mention is None:
            return None
        span = mention.start, mention.end
        source = Source(self._text, tokenise(self._text, *span), span, item.sentence)
        return named((mention.entity,), source, "name")

    def _from_source(self, span: Span, sentence: int) -> Said | None:
        tokens = tokenise(self._text, *span)
        if not tokens:
            return None
        source = Source(self._text, tokens, span, sentence)
        if len(tokens) == 1 or (len(tokens) == 2 and tokens[1].lower in _SELVES):
            lower = tokens[0].lower
            if lower in GENDERS:
                entity = self.referents.person(lower, span[0], sentence)
                if entity is None:
                    return None
                entity.leaning += 1 if GENDERS[lower] == "male" else -1
                return named((entity,), source, "pronoun")
            if lower in _PLURAL_PRONOUNS:
                return self._from_they(source)
            if lower in _THING_PRONOUNS:
                return self._from_it(source)
            if lower in _RELATIVES:
                pronoun = "who" if lower in ("whose", "whom") else lower
                found = self._antecedents.relative(pronoun, span[0], sentence)
                return self._from_antecedent(found, source, "context")
            if lower in _NOBODY:
                return None
        if tokens[-1].lower in ("whom", "which") and len(tokens) < 4:
            # "all of whom"
            pronoun = "who" if tokens[-1].lower == "whom" else "which"
            found = self._antecedents.relative(pronoun, span[0], sentence)
            return self._from_antecedent(found, source, "context")
        return self._from_phrase(source)

    def _from_phrase(self, whole: Source) -> Said | None:
        source = Source(self._text, original(whole.tokens), whole.span, whole.sentence)
        poll = poll_name(source.tokens, self._text)
        if poll is not None:
            return self._as_named(poll, source)
        group = self._short_form(source)
        if group is not None:
            return named((group,), source, "description")
        several = self._names.several(source.tokens) or self._names.apposed(source.tokens)
        if len(several) > 1:
            return named(tuple(several), source, "name")
        entity = (
            self._names.head(source.tokens)
            or self._names.after(source.tokens)
            or self._names.called(source.tokens)
            or self._names.at_end(source.tokens)
        )
        if entity is not None:
            return named((entity,), source, "name")
        return self._from_description(source)

    def _short_form(self, source: Source) -> Entity | None:
        """ "the PAC", "the Court": a common noun with a capital."""
        tokens = source.tokens
        if core_end(tokens) != 2 or tokens[0].lower != "the" or not tokens[1].is_capital:
            return None
        if tokens[1].lower not in GROUP_NOUNS:
            return None
        mention = self.registry.at(tokens[1].start)
        if mention is not None and " " in mention.entity.name:
            return mention.entity
        return self._organisations.find(tokens[1].lower, (), source.span[0], source.sentence)

    # --- pronouns --------------------------------------------------------------------------

    def _from_antecedent(
        self, found: Antecedent | None, source: Source, resolved_by: ResolvedBy
    ) -> Said | None:
        if found is None:
            return None
        if found.entities:
            return named(found.entities, source, resolved_by)
        if found.span is None:
            return None
        tokens = tokenise(self._text, *found.span)
        if not tokens:
            return None
        said = self._from_phrase(Source(self._text, tokens, found.span, source.sentence))
        if said is None:
            # "those who": the words are all that there is.
            return unnamed(self._text[slice(*found.span)], source, resolved_by, plural=True)
        return said.again(source, resolved_by)

    def _from_they(self, source: Source) -> Said | None:
        before = self._last(lambda item: item.plural)
        if before is not None and source.sentence - before.sentence <= 1:
            return before.again(source, "pronoun")
        found = self._antecedents.plural(source.span[0], source.sentence)
        if found is not None:
            return self._from_antecedent(found, source, "pronoun")
        if before is not None:
            return before.again(source, "pronoun")
        group = self._last(lambda item: item.person is None)
        return None if group is None else group.again(source, "pronoun")

    def _from_it(self, source: Source) -> Said | None:
        before = self._last(lambda item: item.person is None and not item.plural)
        if before is not None and source.sentence - before.sentence <= 1:
            return before.again(source, "pronoun")
        entity = self._antecedents.thing(source.span[0], source.sentence)
        if entity is not None:
            return named((entity,), source, "pronoun")
        return None if before is None else before.again(source, "pronoun")

    def _last(self, fits: Callable[[Said], bool]) -> Said | None:
        if not self._said:
            return None
        now = self._said[-1].sentence
        for item in reversed(self._said[-4:]):
            if now - item.sentence <= MAX_SENTENCES_BACK_TO_PLURAL and fits(item):
                return item
        return None

    # --- descriptions ----------------------------------------------------------------------

    def _from_description(self, source: Source) -> Said | None:
        tokens = source.tokens
        end = core_end(tokens)
        if not end or (all(token.lower in words.DETERMINERS for token in tokens[:1]) and end < 2):
            return as_it_is(source, end) if end and source.first not in _DEFINITE else None
        head = tokens[end - 1].lower
        title = self._antecedents.title_before(source.span, source.sentence)
        if title is not None and head in DOCUMENT_NOUNS and source.first in ("a", "an", "the"):
            return self._as_named(title, source)
        entity = self._antecedents.apposed(source.span, source.sentence)
        if entity is not None and source.first in ("the", "a", "an", "another", "one", "now"):
            fits = is_person_head(head) if entity.person else head in GROUP_NOUNS
            if fits:
                return named((entity,), source, "description")
        modifiers = [token.lower for token in tokens[1 : end - 1] if token.quote is None]
        complete = end == len(tokens) or tokens[end].text in (",", "(")
        if not complete and is_person_head(head) and tokens[end].lower in ("of", "from"):
            # "the former secretary of state"
            rest = tokens[end : end + core_end(tokens[end:])]
            modifiers.extend(token.lower for token in rest[1:])
            known = len(rest) < 2 or rest[1].lower not in ("a", "an")
            complete = known and len(rest) < MAX_DESCRIPTION and end + len(rest) == len(tokens)
        if source.first in _DEFINITE and complete and end <= MAX_DESCRIPTION:
            resolved = self._definite(head, modifiers, source)
            if resolved is not None:
                return resolved
        if (group := self._counted(source, end)) is not None:
            return group
        made = made_by(tokens, end, self._text)
        if made is not None:
            return self._as_named(made, source)
        return as_it_is(source, end)

    def _definite(self, head: str, modifiers: Sequence[str], source: Source) -> Said | None:
        position, sentence = source.span[0], source.sentence
        if len(source.tokens) > 3 and all(token.is_capital for token in source.tokens[1:]):
            # "The New Hampshire Union Leader"
            return None
        if is_person_head(head) and not is_plural(source.tokens[0]):
            speakers = [
                (entity, item.sentence)
                for item in self._said[-MAX_SPEAKERS_BACK:]
                for entity in item.entities
            ]
            entity = self._people.find(head, modifiers, position, sentence, speakers)
            if entity is not None:
                return named((entity,), source, "description")
        if head in _FINDINGS and not modifiers:
            name = self._organisations.latest_poll(position, sentence)
            if name is not None:
                return self._as_named(name, source)
        if head in DOCUMENT_NOUNS | GROUP_NOUNS:
            if not modifiers:
                name = self._organisations.compound(head, position)
                if name is not None:
                    return self._as_named(name, source)
            if head in GROUP_NOUNS and not any(token.is_capital for token in source.tokens[1:]):
                entity = self._organisations.find(head, modifiers, position, sentence)
                if entity is not None:
                    return named((entity,), source, "description")
        return None

    def _counted(self, source: Source, end: int) -> Said | None:
        """ "both men", "the two senators", "all three candidates": the people named before."""
        lowered = [token.lower for token in source.tokens[:end]]
        number = next((_NUMBERS[word] for word in lowered[:2] if word in _NUMBERS), 0)
        if lowered[0] in ("both", "neither", "either"):
            number = 2
        counted = lowered[0] in ("the", "both", "all", "neither", "these", "those")
        if (
            not number
            or not counted
            or "and" in lowered
            or (len(lowered) > 1 and not _is_of_people(lowered[-1]))
        ):
            return None
        people = self._people.latest(lowered[-1], number, source.span[0], source.sentence)
        return named(people, source, "description") if len(people) == number else None

    def _as_named(self, name: str, source: Source) -> Said:
        entity = self.registry.find(name) or Entity(name, False)
        return named((entity,), source, "description")


def _is_of_people(noun: str) -> bool:
    return noun in ("men", "women", "man", "woman") or is_person_head(noun.removesuffix("s"))


_SELVES = word_set("himself herself itself themselves too also")
