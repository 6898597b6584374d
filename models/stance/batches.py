"""Batches of rows of like length, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Sequence


def by_length(lengths: Sequence[int], max_tokens: int) -> list[list[int]]:
    """Row numbers in batches, shortest rows first; rows × longest row stays within `max_tokens`.

    A row that is longer than `max_tokens` makes a batch of its own.
    """
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda number: (lengths[number], number)):
        # Rows come in ascending order, so this one is the longest of its batch.
        if batches and (len(batches[-1]) + 1) * lengths[row] <= max_tokens:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
