from hypothesis import given
from hypothesis import strategies as st

from models.stance.batches import by_length

lengths = st.lists(st.integers(1, 300), max_size=60)


@given(lengths, st.integers(1, 1000))
def test_every_row_is_in_one_batch_and_no_batch_is_too_large(
    rows: list[int], max_tokens: int
) -> None:
    batches = by_length(rows, max_tokens)
    assert sorted(row for batch in batches for row in batch) == list(range(len(rows)))
    for batch in batches:
        size = len(batch) * max(rows[row] for row in batch)
        assert size <= max_tokens or len(batch) == 1


def test_rows_of_like_length_share_a_batch() -> None:
    assert by_length([10, 2, 9, 3], 20) == [[1, 3], [2, 0]]
