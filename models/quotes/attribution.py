"""Which words of a sentence a source is said to have said, by rules of syntax."""

from __future__ import annotations

from collections.abc import Sequence

from models.quotes import words
from models.quotes.clause import Predicate, Range, find_object, find_predicates
from models.quotes.content import content_after, content_end, content_starts, skip_adverbials
from models.quotes.layout import Sentence
from models.quotes.lexicon import Lexicon
from models.quotes.reading import (
    Attribution,
    Reading,
    is_long,
    is_whole_sentence,
    offsets,
    starts_large,
    trim,
)
from models.quotes.sources import can_speak, find_source_after
from models.quotes.tokens import Token, is_adverb, is_month, is_verb_like, quoted_end
from models.quotes.words import word_set
from stancewire.records import Span

_COMMAS = (",", "—", "–", "-", "--")


_FINAL = (".", "?", "!", "…", ";", "..", "...", ":")


# Shorter pieces before ", X said" are openings ("On Tuesday"), not clauses.
MIN_CLAUSE = 3


def attribute_sentence(sentence: Sentence, index: int, lexicon: Lexicon) -> list[Attribution]:
    """The attributions of one sentence, in the order of their contents."""
    tokens = sentence.tokens
    end = len(tokens)
    while end > 0 and tokens[end - 1].text in (".", "?", "!", "…", "..", "..."):
        end -= 1
    reading = Reading(tokens, index, end, find_predicates(tokens, lexicon), [False] * len(tokens))
    _according_to(reading)
    _postposed(reading)
    _preposed(reading)
    _colon(reading)
    _dash(reading)
    reading.found.sort(key=lambda item: item.contents[0] if item.contents else (item.cue or (0, 0)))
    return reading.found


def _add(
    reading: Reading, contents: Sequence[Range], source: Range | None, cue: Range, rule: str
) -> None:
    tokens = reading.tokens
    pieces = [piece for piece in contents if piece[0] < piece[1]]
    reading.take(*pieces, cue)
    if source is not None:
        reading.take(source)
    edges = [*(source or ()), *cue]
    reading.found.append(
        Attribution(
            contents=[offsets(tokens, piece) for piece in pieces],
            source=None if source is None else offsets(tokens, source),
            cue=offsets(tokens, cue),
            rule=rule,
            sentence=reading.index,
            clause=_clause_around(reading, min(edges), max(edges), pieces),
            open=not pieces,
        )
    )


def _clause_around(reading: Reading, first: int, last: int, contents: Sequence[Range]) -> Span:
    """From the source and cue outwards as far as no content stands in the way."""
    low = max((piece[1] for piece in contents if piece[1] <= first), default=0)
    high = min((piece[0] for piece in contents if piece[0] >= last), default=len(reading.tokens))
    return offsets(reading.tokens, (min(low, first), max(high, last)))


def _according_to(reading: Reading) -> None:
    tokens = reading.tokens
    for at in range(reading.end - 2):
        name_at = _source_phrase(tokens, at)
        if name_at is None:
            continue
        source_end = find_source_after(tokens, name_at, reading.end)
        if source_end >= reading.end and not any(token.is_word for token in tokens[:at]):
            # "According to X, the plan …": what follows the comma is the content.
            source_end = find_source_after(tokens, name_at, reading.end, appositive=False)
        if source_end == name_at or not reading.free((at, source_end)):
            continue
        after = trim(tokens, source_end, reading.end)
        before = trim(tokens, _sentence_opening(reading, at), at)
        contents: list[Range]
        rest = _rest_of_content(reading, source_end, quoted=False)
        if before[1] - before[0] >= (1 if rest else MIN_CLAUSE) and (
            source_end >= reading.end or not _is_opening(tokens, before)
        ):
            contents = [before] if rest is None else [before, rest]
        elif source_end < reading.end and tokens[source_end].text == ",":
            contents = [after]
        else:
            continue
        if any(
            token.quote is not None or last - first >= MIN_CLAUSE
            for first, last in contents
            for token in tokens[first:last]
        ) and all(reading.free(content) for content in contents):
            _add(reading, contents, (name_at, source_end), (at, name_at), "according-to")


_SOURCE_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in ("according to", "in the words of", "in the view of", "in the opinion of")
)


def _source_phrase(tokens: Sequence[Token], at: int) -> int | None:
    """Where the source begins, if a phrase that introduces one stands here."""
    if tokens[at].lower not in ("according", "in"):
        return None
    for phrase in _SOURCE_PHRASES:
        found = tokens[at : at + len(phrase)]
        if tuple(token.lower for token in found) == phrase:
            return at + len(phrase)
    return None


def _sentence_opening(reading: Reading, before: int) -> int:
    """Where the clause before a token begins: after what an earlier content took."""
    first = before
    while first > 0 and not reading.taken[first - 1] and reading.tokens[first - 1].text != ";":
        first -= 1
    return first


def _is_opening(tokens: Sequence[Token], span: Range) -> bool:
    """An adverbial opening like "In Iowa" rather than a clause."""
    first, last = span
    piece = tokens[first:last]
    if not piece or any(token.quote is not None for token in piece):
        return False
    comma = next((at for at in range(first, last) if tokens[at].text == ","), last)
    if any(is_verb_like(token) for token in tokens[comma + 1 : last]):
        return False
    start = piece[0].lower
    if start in words.LEADERS and len(piece) > 1:
        start = piece[1].lower
    if start in words.SUBORDINATORS:
        return True
    return not any(is_verb_like(token) for token in piece) and len(piece) < 8


def _postposed(reading: Reading) -> None:
    for predicate in reading.predicates:
        if predicate.participle or not predicate.form.takes("shtwnb"):
            continue
        if not reading.free(predicate.cue):
            continue
        if predicate.subject is not None and _as_aside(reading, predicate, predicate.subject):
            continue
        if predicate.doubtful and not _follows_quote(reading, predicate):
            continue
        if predicate.subject is not None and predicate.form.takes("shwtb"):
            _after_content(reading, predicate, predicate.subject)
        elif predicate.subject is None and predicate.form.takes("shwb"):
            _inverted(reading, predicate)


def _follows_quote(reading: Reading, predicate: Predicate) -> bool:
    first = predicate.cue[0] if predicate.subject is None else predicate.subject[0]
    return first > 0 and reading.tokens[first - 1].quote is not None


def _as_aside(reading: Reading, predicate: Predicate, subject: Range) -> bool:
    """`As X noted, content` and `content, as X noted`."""
    tokens = reading.tokens
    first, after = subject[0], predicate.cue[1]
    if first == 0 or tokens[first - 1].lower not in ("as", "like") or not reading.free(subject):
        return False
    stop = skip_adverbials(reading, after)
    if stop < reading.end and tokens[stop].text not in (",", ":", "—", "–"):
        return False
    opening = trim(tokens, 0, first - 1)
    if not predicate.form.takes("sh"):
        return False
    if stop + 1 < reading.end and not any(token.is_word for token in tokens[: first - 1]):
        content = (stop + 1, content_end(reading, stop + 1))
        if tokens[stop + 1].quote is not None:
            content = (stop + 1, stop + 2)
        contents = [content]
    elif first > 1 and tokens[first - 2].text in (",", "—", "–"):
        rest = _rest_of_content(reading, after, quoted=False)
        contents = [opening] if rest is None else [opening, rest]
    else:
        return False
    if any(low >= high or not reading.free((low, high)) for low, high in contents):
        return False
    _add(reading, contents, subject, predicate.cue, "as-aside")
    return True


def _content_before(reading: Reading, edge: int) -> Range | None:
    """The clause or quotation that ends just before a token, if a comma or marks end it."""
    tokens = reading.tokens
    if edge == 0:
        return None
    last = tokens[edge - 1]
    if last.quote is not None:
        if quoted_end(last) not in ",.?!…—–-" and not is_long(last):
            return None
        first = edge - 1
    elif last.text in _COMMAS and edge > 1:
        first = edge - 2
    else:
        return None
    opening = _sentence_opening(reading, edge)
    if last.quote is not None or tokens[edge - 2].quote is not None:
        quote_at = edge - 1 if last.quote is not None else edge - 2
        if is_whole_sentence(tokens[quote_at]) or quote_at == opening:
            return quote_at, quote_at + 1
        before = trim(tokens, opening, quote_at)
        built_in = tokens[quote_at - 1].is_word and not starts_large(tokens[quote_at])
        if before[1] - before[0] < 1 or (_is_opening(tokens, before) and not built_in):
            return quote_at, quote_at + 1
        if tokens[quote_at - 1].text in (",", ":") and starts_large(tokens[quote_at]):
            return quote_at, quote_at + 1
    first = opening
    content = trim(tokens, first, edge)
    return content if content[0] < content[1] else None


def _after_content(reading: Reading, predicate: Predicate, subject: Range) -> bool:
    """Content , SUBJECT CUE [, rest of the content]."""
    tokens = reading.tokens
    content = _content_before(reading, subject[0])
    if content is None or not reading.free(content):
        return False
    quoted = content[1] - content[0] == 1 and tokens[content[0]].quote is not None
    after = predicate.cue[1]
    following = tokens[after] if after < reading.end else None
    if predicate.form.takes("t") and not predicate.form.takes("s") and following is not None:
        after = find_object(tokens, after, reading.end)
        following = tokens[after] if after < reading.end else None
    if not quoted:
        if predicate.form.takes("b"):
            return False
        aside = following is not None and following.text == "," and predicate.form.takes("sh")
        if content[1] - content[0] < (1 if aside else MIN_CLAUSE) or content_starts(
            reading, predicate, after
        ):
            return False
        ended = following is None or following.text in (",", "—", "–", ";", ":")
        adverbial = following is not None and (
            following.lower in words.PREPOSITIONS
            or following.lower in words.TIME_WORDS
            or following.lower in ("when", "while", "after")
        )
        if not (ended or adverbial):
            return False
        is_opening = _is_opening(tokens, content)
        if is_opening and not aside:
            return False
        if (
            not aside
            and not any(
                is_verb_like(token) or token.quote is not None
                for token in tokens[content[0] : content[1]]
            )
            and content[1] - content[0] < 6
        ):
            return False
    elif (
        content_starts(reading, predicate, after)
        and not (following is not None and following.text in (",", ":"))
        and (content[0] > 0 or not is_whole_sentence(tokens[content[0]]))
    ):
        # `After "The Apprentice," Smith said that …`: the quotation is an opening's.
        return False
    rest = _rest_of_content(reading, after, quoted)
    contents = [content] if rest is None else [content, rest]
    rule = "quote-before" if quoted else "clause-before"
    _add(reading, contents, subject, predicate.cue, rule)
    return True


def _rest_of_content(reading: Reading, after: int, quoted: bool) -> Range | None:
    """What goes on after `…," X said,`."""
    tokens = reading.tokens
    if quoted:
        later = _resumed_quote(reading, after)
        if later is not None:
            return later, later + 1
    index = skip_adverbials(reading, after)
    if index > after and index < reading.end and tokens[index].text == ":":
        return None
    if index >= reading.end or tokens[index].text not in (",", ":", "—", "–"):
        return None
    index += 1
    if index >= reading.end:
        return None
    token = tokens[index]
    if token.quote is not None:
        return index, index + 1
    if quoted:
        if token.lower in ("and", "but", "because") and index + 1 < reading.end:
            return (index + 1, index + 2) if tokens[index + 1].quote is not None else None
        return None
    if token.lower.endswith("ing") or token.lower in (
        "who",
        "which",
        "according",
        "when",
        "while",
        "as",
        "after",
        "in",
        "citing",
        "at",
        "on",
        "a",
        "an",
        "during",
        "before",
        "with",
        "though",
        "although",
        "where",
    ):
        return None
    end = content_end(reading, index)
    return (index, end) if end - index >= 2 else None


def _resumed_quote(reading: Reading, after: int) -> int | None:
    """`…," X said of the plan on Monday, "and …"`: a quotation that goes on in small letters."""
    tokens = reading.tokens
    for index in range(after + 1, reading.end):
        token = tokens[index]
        if token.quote is not None:
            small = tokens[index - 1].text in (",", "—", "–", "--") and not starts_large(token)
            return index if small and not reading.taken[index] else None
        if any(predicate.cue[0] == index for predicate in reading.predicates):
            return None
    return None


def _inverted(reading: Reading, predicate: Predicate) -> bool:
    """Content , CUE SUBJECT."""
    tokens = reading.tokens
    first, after = predicate.cue
    if predicate.form.particles:
        return False
    content = _content_before(reading, first)
    if content is None or not reading.free(content):
        return False
    quoted = content[1] - content[0] == 1 and tokens[content[0]].quote is not None
    if not quoted and (
        content[1] - content[0] < MIN_CLAUSE or predicate.form.lemma not in _INVERTING
    ):
        return False
    if not quoted and _is_opening(tokens, content):
        return False
    end = find_source_after(tokens, after, reading.end)
    if end == after or not can_speak(tokens, after, end):
        return False
    if end < reading.end and tokens[end].lower in words.AUXILIARIES | _AFTER_NO_SOURCE:
        return False
    if (
        not quoted
        and end < reading.end
        and tokens[end].is_word
        and (tokens[end].lower not in words.PREPOSITIONS | words.TIME_WORDS)
    ):
        return False
    rest = _rest_of_content(reading, end, quoted) if quoted else None
    contents = [content] if rest is None else [content, rest]
    _add(reading, contents, (after, end), (first, after), "inverted")
    return True


_AFTER_NO_SOURCE = word_set("that to")
_INVERTING = word_set("say add write note argue explain report ask reply announce warn")


def _preposed(reading: Reading) -> None:
    tokens = reading.tokens
    for predicate in reading.predicates:
        if not reading.free(predicate.cue) or predicate.doubtful:
            continue
        subject = predicate.subject
        rule_suffix = ""
        if predicate.participle:
            subject = _main_subject(reading, predicate)
            rule_suffix = "-participle"
            if subject is None:
                continue
        elif subject is None:
            subject = _shared_subject(reading, predicate)
            rule_suffix = "-shared"
            if subject is None:
                continue
        elif not reading.free(subject) or not _well_placed(tokens, subject[0]):
            continue
        content = content_after(reading, predicate)
        if content is None:
            if _introduces(reading, predicate):
                _add(reading, [], subject, predicate.cue, "introduction")
            continue
        span, rule = content
        if not reading.free(span):
            continue
        _add(reading, [span], subject, predicate.cue, rule + rule_suffix)


def _well_placed(tokens: Sequence[Token], first: int) -> bool:
    """Whether a subject may begin here."""
    if first == 0:
        return True
    before = tokens[first - 1]
    return (
        before.quote is not None
        or not before.is_word
        or before.lower in words.CONJUNCTIONS
        or before.lower in words.TIME_WORDS
        or before.lower in words.OCCASIONS
        or before.lower in words.LEADERS
        or before.text.isdigit()
        or is_month(before)
        or is_adverb(before)
    )


def _main_subject(reading: Reading, predicate: Predicate) -> Range | None:
    """The subject of the nearest earlier cue; else the phrase that opens the sentence."""
    for earlier in reversed(reading.predicates):
        if earlier.cue[0] < predicate.cue[0] and earlier.subject and not earlier.doubtful:
            return earlier.subject
    return _opening_subject(reading)


def _opening_subject(reading: Reading) -> Range | None:
    tokens = reading.tokens
    first = 0
    while first < reading.end and tokens[first].lower in words.LEADERS:
        first += 1
    if first < reading.end and (
        tokens[first].lower in words.SUBORDINATORS | words.PREPOSITIONS
        or tokens[first].lower.endswith("ing")
    ):
        # "Before the vote, Ruiz …": the subject comes after the opening.
        comma = next((at for at in range(first, reading.end) if tokens[at].text == ","), None)
        first = reading.end if comma is None else comma + 1
    if first >= reading.end:
        return None
    end = find_object(tokens, first, reading.end)
    if end == first or not (tokens[first].is_capital or can_speak(tokens, first, end)):
        return None
    return first, end


def _shared_subject(reading: Reading, predicate: Predicate) -> Range | None:
    """`X called it wrong and said that …`: the verb after "and" has the first verb's subject."""
    tokens = reading.tokens
    at = predicate.cue[0]
    if at == 0 or tokens[at - 1].lower not in ("and", "but", ",") or tokens[at - 1].quote:
        return None
    for earlier in reversed(reading.predicates):
        if earlier.cue[0] < at and earlier.subject and not earlier.doubtful:
            return earlier.subject
    return _opening_subject(reading)


def _introduces(reading: Reading, predicate: Predicate) -> bool:
    """Whether the sentence ends with the cue, as before a quotation in the next one."""
    if not predicate.form.takes("stwh"):
        return False
    index = predicate.cue[1]
    if index < len(reading.tokens) and predicate.form.takes("t"):
        index = max(index, find_object(reading.tokens, index, reading.end))
    index = skip_adverbials(reading, index)
    rest = [token.text for token in reading.tokens[index:]]
    return rest in ([], [":"], [","], ["."]) or rest[-1:] == [":"]


def _colon(reading: Reading) -> None:
    """A sentence that leads to a quotation by a colon without any cue verb."""
    tokens = reading.tokens
    for at in range(1, len(tokens) - 1):
        if tokens[at].text != ":" or tokens[at + 1].quote is None or reading.taken[at + 1]:
            continue
        subject = _opening_subject(reading)
        if subject is not None and subject[1] > at:
            subject = None
        if not starts_large(tokens[at + 1]) or not (is_long(tokens[at + 1]) or subject == (0, at)):
            continue
        if subject is not None and not reading.free(subject):
            subject = None
        _add(reading, [(at + 1, at + 2)], subject, (at, at + 1), "colon")


def _dash(reading: Reading) -> None:
    """`"…" – Dana Ruiz`: a quotation signed with a name."""
    tokens = reading.tokens
    if len(tokens) < 3 or tokens[0].quote is None or tokens[1].text not in words.DASHES:
        return
    end = find_source_after(tokens, 2, reading.end)
    if end == reading.end and end > 2 and tokens[2].is_capital and not reading.taken[0]:
        _add(reading, [(0, 1)], (2, end), (1, 2), "dash")
