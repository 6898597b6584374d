"""Whether the source of a statement says its content, denies it, or says nothing of it.

Only the cue with its auxiliaries, the words between source, cue and content, and the first words of
the content are looked at: a negation inside of the content is part of what is said.

- `denied`: the content is said not to be so ("denied that", "rejected the claim that"), or not
  thought or wanted ("does not think that", "refused to leave").
- `withheld`: the source gives no statement ("declined to say whether", "did not mention"), or only
  asks whether it is so ("asked if", "wondered whether").
- `asserted`: all else: demands, questions that presuppose their content ("asked why"), positions on
  a thing rather than a claim ("rejected the plan"), and words in quotation marks that a colon or a
  comma sets off: those are the source's own, whatever the cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.quotes import polarity_words as table
from models.quotes.polarity_reading import CueClause, Found, find_verb, is_nobody, read_clause
from models.quotes.words import AUXILIARIES
from stancewire.records import Polarity, Span

# "the widespread but mistaken idea": how far the noun of a thing may be from its beginning.
NOUN_REACH = 7

_UNTRUE = re.compile(
    r"\b(?:is|are|was|were|be|been) (?:simply |just |completely |entirely )?"
    r"(?:untrue|false|not true|not so|not the case|a lie|no truth (?:to|in)|no basis (?:to|for|in))"
    r"(?: that)?$"
)


def polarity_of(
    text: str, contents: Sequence[Span], cue: Span | None, source: Span | None = None
) -> Polarity:
    """The polarity of one attribution; spans are offsets into the text."""
    if cue is None or not contents:
        return "asserted"
    clause = read_clause(text, sorted(contents), cue, source)
    if not clause.cue:
        return "asserted"  # a colon
    few = clause.source[:1] == ["few"]
    found = find_verb(clause, negated=few or is_nobody(clause.source))
    if few and found.role not in ("opinion", "denial"):
        # "Few said so": some did; but "few believe it" is the rest's opinion.
        found = find_verb(clause, negated=False)
    if clause.own_words and not (found.negated and found.word in table.SAYS):
        return "asserted"
    return _judge(clause, found)


def _judge(clause: CueClause, found: Found) -> Polarity:
    """By what the deciding word is; the order matters where several cases fit."""
    no = found.negated or found.refused
    after = [*clause.cue[found.at + 1 :], *clause.gap, *clause.lead]
    opening = next((word for word in clause.lead if word not in table.ABOUT), "")
    asks = opening == "whether" or clause.cue[-1:] == ["whether"]
    match found.role:
        case _ if _called_untrue(clause):
            return "denied"
        case "statement" if not no:
            return "asserted"
        case "doubt":
            return _doubt(clause, found, after, asks)
        case _ if asks:
            return "withheld"
        case "denial":
            return _denial(clause, found, after)
        case "rejection" if not no:
            return _rejection(clause, found, after)
        case "question" if not no:
            return _question(clause, found, after)
        case "silence" | "unclear":
            broken = not table.BREAKING.isdisjoint(clause.cue)
            return "asserted" if no or broken else "withheld"
        case "no word":
            return "withheld"
        case "opinion":
            return _opinion(clause, found, after)
        case "perception":
            thought = {"as", "way"} & {*after} or opening in ("how", "why")
            return "denied" if thought else "withheld"
        case "other" | "none" if found.refused:
            return _refusal(clause, found, after)
        case "none" if found.negated:
            return _unfinished(clause)
        case "idiom" | "quality":
            return "asserted"
        case _:
            return "withheld" if no else "asserted"


def _unfinished(clause: CueClause) -> Polarity:
    """Of a cue that ends with a negation, a verb with "to" in the content or none."""
    last = clause.cue[-1]
    to = clause.lead[:1] == ["to"]
    if last in table.NEGATIONS:
        # "vowed not", "would prefer not".
        return "denied" if len(clause.cue) > 1 and to else "withheld"
    # "failed" needs its verb: "failed to mention".
    return "withheld" if to or last not in table.HINDRANCES - table.AVOIDING else "asserted"


def _called_untrue(clause: CueClause) -> bool:
    """ "said it was untrue that", "said there was no truth to"."""
    return _UNTRUE.search(" ".join([*clause.cue, *clause.gap])) is not None


def _denial(clause: CueClause, found: Found, after: Sequence[str]) -> Polarity:
    before = clause.cue[: found.at]
    if found.refused:
        return "withheld"
    if found.negated:
        # "could not deny", "no one disputes": all grant it; "did not deny" leaves it open.
        granted = table.GRANTING & {*before, *clause.source[:2]}
        return "asserted" if granted else "withheld"
    quarrel = found.word in ("dispute", "disputes") and (
        before[-1:] == ["a"] or not table.QUARREL.isdisjoint(after[:1])
    )
    kept = not table.KEPT_FROM.isdisjoint(after[:1]) or (
        found.word.startswith("den") and not _is_claim(after) and _names(after, table.REQUESTS)
    )
    hard = not table.HARD.isdisjoint(before)
    return "asserted" if quarrel or kept or hard else "denied"


def _rejection(clause: CueClause, found: Found, after: Sequence[str]) -> Polarity:
    if clause.lead[:1] == ["as"] or [*clause.cue, *clause.gap][-1:] == ["as"]:
        # `dismissed as "nonsense"`: the content is what the source says of it.
        return "asserted"
    if after[:1] and after[0] in table.QUARREL:
        return "asserted"
    said = found.word.startswith("contradict") and clause.lead[:1] == ["what"]
    if after[:1] == ["as"]:
        after = clause.lead  # `dismissed as "nonsense" the claim that`
    claim = said or _is_claim(after) or clause.lead[:1] == ["that"]
    return "denied" if claim else "asserted"


def _question(clause: CueClause, found: Found, after: Sequence[str]) -> Polarity:
    if found.word in table.CHALLENGES and _is_claim(after):
        return "withheld"
    # "asked Ruiz if": the one who is asked may stand in the content.
    reach = NOUN_REACH if found.word in table.ASKING else 1
    first = next((word for word in clause.lead[:reach] if word in table.ASKED), "")
    return "withheld" if first in ("whether", "if") else "asserted"


def _doubt(clause: CueClause, found: Found, after: Sequence[str], asks: bool) -> Polarity:
    before = clause.cue[: found.at]
    if found.negated or found.refused or not table.NO_DOUBT.isdisjoint(before[-1:]):
        return "asserted"
    if asks or _is_claim(after):
        return "denied"
    thing = table.PREPOSITIONS.isdisjoint((clause.cue[-1], *clause.lead[:1]))
    return "denied" if thing and _is_clause(clause.lead) else "asserted"


def _opinion(clause: CueClause, found: Found, after: Sequence[str]) -> Polarity:
    if found.word in ("believe", "agree") and {"can", "could"} & {*clause.cue[: found.at]}:
        # "couldn't believe that", "couldn't agree more": so it is.
        return "asserted"
    if not table.PARTLY.isdisjoint(clause.cue[: found.at]):
        return "withheld"
    return "withheld" if found.word in table.VOLITION and _speaks(after) else "denied"


def _refusal(clause: CueClause, found: Found, after: Sequence[str]) -> Polarity:
    """Of a refusal with no other cue: to speak, to act, or of a thing."""
    if found.role == "other":
        after = ["to", found.word, *after]
    elif clause.cue[-1] == "to":
        after = ["to", *after]
    if "to" in after[: len(after) - len(clause.lead) + 1]:
        return "withheld" if _speaks(after) else "denied"
    return "asserted" if table.SAYINGS.isdisjoint(after[:NOUN_REACH]) else "withheld"


def _speaks(rest: Sequence[str]) -> bool:
    """Whether the first "to" opens an act of speech: "to comment", "to give details"."""
    if "to" not in rest:
        return False
    verbs = [word for word in rest[rest.index("to") + 1 :] if not word.endswith("ly")]
    objects = {*verbs[1:NOUN_REACH]}
    if verbs[:1] == ["be"]:
        return bool(objects & table.SPOKEN_OF)
    if verbs[:1] and verbs[0] in table.LIGHT_VERBS:
        return bool(objects & table.SAYINGS)
    return bool(verbs) and verbs[0] in table.SPEECH


def _is_claim(rest: Sequence[str]) -> bool:
    """Whether a thing is one that is true or false: "the notion", "suggestions that"."""
    return _names(rest, table.CLAIM_NOUNS)


def _names(rest: Sequence[str], nouns: frozenset[str]) -> bool:
    """Whether the noun of what is spoken of is one of these: before "of", "that" or a comma."""
    for word in rest[:NOUN_REACH]:
        if word in nouns:
            return True
        if word in table.ENDS_NOUN:
            return False
    return False


def _is_clause(lead: Sequence[str]) -> bool:
    """Whether a content is a clause rather than a thing: "that he would", "he would"."""
    if lead[:1] and lead[0] in table.CLAUSE_OPENINGS:
        return True
    helper = next((at for at, word in enumerate(lead) if word in AUXILIARIES), len(lead))
    return helper <= NOUN_REACH and table.RELATIVES.isdisjoint(lead[:helper])
