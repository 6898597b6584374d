"""The cue verbs and phrases of attribution, with what each takes as content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from stancewire.errors import ModelError

_VOWELS = "aeiou"
_CLASSES = frozenset("shtwioncmb*")


@dataclass(frozen=True, slots=True)
class CueForm:
    """One form of a cue: "said", "points" + "out"."""

    lemma: str
    classes: frozenset[str]
    particles: tuple[str, ...]
    inflection: str
    """base, s, past, participle or ing."""

    @property
    def noun_like(self) -> bool:
        return "*" in self.classes and self.inflection in ("base", "s")

    def takes(self, classes: str) -> bool:
        return not self.classes.isdisjoint(classes)


Lexicon = dict[str, tuple[CueForm, ...]]
"""Forms by their verb in lower case, those with most particles first."""


@cache
def load_lexicon() -> Lexicon:
    """Reads cues.txt.

    Raises:
        ModelError: a line of the file cannot be read.
    """
    forms: dict[str, list[CueForm]] = {}
    source = resources.files("models.quotes").joinpath("cues.txt").read_text(encoding="utf-8")
    for number, line in enumerate(source.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            for verb, form in _read_line(line, number):
                forms.setdefault(verb, []).append(form)
    return {
        verb: tuple(sorted(found, key=lambda form: -len(form.particles)))
        for verb, found in forms.items()
    }


def _read_line(line: str, number: int) -> list[tuple[str, CueForm]]:
    lemma, *rest = line.split()
    classes = frozenset(word for word in rest if word in _CLASSES)
    irregular = [word for word in rest if word not in _CLASSES]
    if len(irregular) > 1 or not classes:
        raise ModelError("cannot read a cue", file="cues.txt", line=number)
    verb, *particles = lemma.split("_")
    inflected = inflect(verb, irregular[0] if irregular else None)
    return [
        (text, CueForm(lemma, classes, tuple(particles), inflection))
        for inflection, text in inflected.items()
    ]


def inflect(verb: str, irregular: str | None = None) -> dict[str, str]:
    """The forms of a verb; `irregular` is "past", "past/participle" or "past=participle"."""
    stem = verb[:-1] if verb.endswith("e") else verb
    doubles = False
    if irregular is None:
        past = verb[:-1] + "ied" if verb[-1] == "y" and verb[-2] not in _VOWELS else stem + "ed"
        participle = past
    elif "=" in irregular:
        past, participle = irregular.split("=")
        doubles = True
    else:
        past, _, participle = irregular.partition("/")
        participle = participle or past
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        third = verb[:-1] + "ies"
    elif verb.endswith(("s", "sh", "ch", "x", "z")):
        third = verb + "es"
    else:
        third = verb + "s"
    if doubles or verb in ("hit", "begin", "put"):
        gerund = verb + verb[-1] + "ing"
    else:
        gerund = (verb if verb.endswith("ee") else stem) + "ing"
    forms = {"base": verb, "s": third, "past": past, "participle": participle, "ing": gerund}
    if participle == past:
        del forms["participle"]
    return forms
