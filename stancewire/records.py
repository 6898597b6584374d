"""The records on the topics, version 1. Readers ignore fields that they do not know."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from stancewire.identity import stable_id

Span = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
"""Start and end in code points, end exclusive, into the article's text."""

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Kind = Literal["direct", "indirect", "mixed"]
Label = Literal["favor", "against", "neutral"]
ResolvedBy = Literal["name", "pronoun", "description", "context"]
Polarity = Literal["asserted", "denied", "withheld"]
EntityKind = Literal["person", "organisation", "country"]

# Rounding of three published probabilities to six places moves their sum by far less than this.
SCORE_SUM_TOLERANCE = 1e-3


class Part(BaseModel):
    """A piece of a record."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Record(Part):
    """A value on a topic; `type_name` is its CloudEvents type without the version."""

    type_name: ClassVar[str]
    version: ClassVar[int] = 1

    @property
    def key(self) -> str:
        """The Kafka key: what belongs to one article (or feed) stays in one partition, in order."""
        raise NotImplementedError

    @property
    def event_id(self) -> str:
        """Tells this event from every other one of its type."""
        raise NotImplementedError

    @property
    def event_time(self) -> datetime:
        raise NotImplementedError


class Feed(Part):
    """The feed that an article came from."""

    id: str
    url: str
    title: str | None = None


class Article(Record):
    """One revision of one entry of a feed, as plain text."""

    type_name: ClassVar[str] = "article"

    id: str = Field(description="Same entry, same id, on every run and every machine.")
    revision: int = Field(default=1, ge=1, description="Counts the edits of the entry, from 1.")
    url: str | None = None
    title: str | None = None
    text: str
    language: str | None = Field(default=None, description="BCP 47, as the feed or page states it.")
    authors: tuple[str, ...] = ()
    published_at: AwareDatetime | None = None
    fetched_at: AwareDatetime
    feed: Feed
    content_hash: str = Field(description="SHA-256 of title and text, in hex.")
    duplicate_of: str | None = Field(
        default=None, description="The article that this one is a syndicated copy of."
    )

    @property
    def key(self) -> str:
        return self.id

    @property
    def event_id(self) -> str:
        return f"{self.id}-{self.revision}"

    @property
    def event_time(self) -> datetime:
        return self.fetched_at


class ArticleBrief(Part):
    """What a statement carries of its article, so that subscribers need no join."""

    revision: int = Field(default=1, ge=1)
    url: str | None = None
    title: str | None = None
    language: str | None = None
    published_at: AwareDatetime | None = None
    fetched_at: AwareDatetime
    feed: Feed

    @classmethod
    def of(cls, article: Article) -> ArticleBrief:
        return cls.model_validate(article.model_dump(include=set(cls.model_fields)))


class Cue(Part):
    """The words that mark the attribution: "said", "according to", "called"."""

    text: str
    span: Span


class Speaker(Part):
    """Who makes the statement, as the article says it."""

    name: str = Field(description="The fullest name that the article gives.")
    mention: str = Field(description="The words at the statement: a name, a pronoun, a description")
    mention_span: Span
    role: str | None = None
    resolved_by: ResolvedBy


class NamedEntity(Part):
    """Somebody or something that a statement names."""

    name: str = Field(description="The fullest name that the article gives, else as it stands.")
    kind: EntityKind


class ModelInfo(Part):
    """Which model made a record."""

    name: str
    revision: str


class Quote(Record):
    """One attributed statement of an article."""

    type_name: ClassVar[str] = "quote"

    id: str
    article_id: str
    kind: Kind
    text: str = Field(description="The pieces of the statement, joined by one space.")
    spans: tuple[Span, ...] = Field(min_length=1)
    cue: Cue | None = None
    polarity: Polarity = Field(
        default="asserted",
        description="Whether the source says the text, says no to it, or makes no statement.",
    )
    speaker: Speaker | None = None
    entities: tuple[NamedEntity, ...] = Field(
        default=(),
        description="People, organisations and countries that the statement names, in order, each "
        "once.",
    )
    said_on: date | None = None
    confidence: Probability
    context: str | None = Field(
        default=None, description="The paragraphs around the statement, for reader and classifier."
    )
    article: ArticleBrief
    extracted_at: AwareDatetime
    model: ModelInfo

    @property
    def key(self) -> str:
        return self.article_id

    @property
    def event_id(self) -> str:
        return f"{self.id}-{self.model.revision}"

    @property
    def event_time(self) -> datetime:
        return self.extracted_at

    @staticmethod
    def identify(article_id: str, revision: int, spans: Sequence[Span]) -> str:
        return stable_id("quote", article_id, revision, *(edge for span in spans for edge in span))


class TargetRef(Part):
    """What the stance is towards."""

    id: str
    name: str


class Scores(Part):
    """Probabilities of the three labels; they sum to 1."""

    favor: Probability
    against: Probability
    neutral: Probability

    @model_validator(mode="after")
    def _sums_to_one(self) -> Scores:
        total = self.favor + self.against + self.neutral
        if not math.isclose(total, 1.0, abs_tol=SCORE_SUM_TOLERANCE):
            raise ValueError(f"scores sum to {total:.6f}, not 1")
        return self

    @property
    def label(self) -> Label:
        """The likeliest label; a tie goes to neutral, then to against."""
        if self.neutral == self.best:
            return "neutral"
        return "against" if self.against == self.best else "favor"

    @property
    def best(self) -> float:
        """The score of the likeliest label."""
        return max(self.favor, self.against, self.neutral)


class Timings(Part):
    """When the statement passed each stage (UTC)."""

    published_at: AwareDatetime | None = None
    fetched_at: AwareDatetime
    extracted_at: AwareDatetime
    classified_at: AwareDatetime


class Stance(Record):
    """The stance of one statement's speaker towards one target, as expressed in the statement."""

    type_name: ClassVar[str] = "stance"

    id: str
    quote: Quote
    target: TargetRef
    label: Label
    scores: Scores
    abstained: bool = Field(
        default=False, description="The label's score is below the threshold that the user set."
    )
    model: ModelInfo
    timings: Timings

    @property
    def key(self) -> str:
        return self.quote.article_id

    @property
    def event_id(self) -> str:
        return f"{self.id}-{self.model.revision}"

    @property
    def event_time(self) -> datetime:
        return self.timings.classified_at

    @staticmethod
    def identify(quote_id: str, target_id: str) -> str:
        """The model is not part of it: a newer model's answer replaces the older one's."""
        return stable_id("stance", quote_id, target_id)
