"""With and without what spares the classifier work: repeats remembered, other subjects left out."""

from __future__ import annotations

from pathlib import Path

from consumers.classifying import ClassifierSettings

# The options of `consume stances` and the settings in a process, by what the tables call them.
EVERY_PAIR = "every pair through the network"
AS_SHIPPED = "as shipped"

OPTIONS: dict[str, tuple[str, ...]] = {
    EVERY_PAIR: ("--remember", "0", "--off-topic-below", "0", "--prior", "0"),
    AS_SHIPPED: (),
}


def settings(variant: str, model: str, threads: int | None = None) -> ClassifierSettings:
    path = Path(model)
    if variant == EVERY_PAIR:
        return ClassifierSettings(path, threads=threads, prior=0, off_topic_below=0, remember=0)
    return ClassifierSettings(path, threads=threads)
