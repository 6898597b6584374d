"""Word pieces with their features, and training text in other quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from models.quotes.marks import find_quotations
from models.quotes.span.encoding import TOKEN_TYPES, encode
from models.quotes.span.examples import STYLES, rewrite_marks

WORDS = ["[UNK]", "dana", "ru", "##iz", "said", "no", "nato", ".", '"', "“", "”"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    made = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    return made


def test_pieces_words_and_paragraphs(tokenizer: Tokenizer) -> None:
    text = "Dana Ruiz said no.\n\nNo."
    encoding = encode(tokenizer, text)
    pieces = [text[start:end] for start, end in zip(encoding.starts, encoding.ends, strict=True)]
    assert pieces == ["Dana", "Ru", "iz", "said", "no", ".", "No", "."]
    assert encoding.first.tolist() == [True, True, False, True, True, True, True, True]
    assert encoding.paragraph.tolist() == [0, 0, 0, 0, 0, 0, 1, 1]


def test_case_and_quotation_marks_are_seen(tokenizer: Tokenizer) -> None:
    types = encode(tokenizer, 'NATO said "no Dana".').types.tolist()
    assert types == [2, 0, 3, 3, 4, 3, 0]


@given(text=st.text(max_size=200))
def test_any_text_is_encoded(tokenizer: Tokenizer, text: str) -> None:
    encoding = encode(tokenizer, text)
    assert all(0 <= kind < TOKEN_TYPES for kind in encoding.types.tolist())
    bounds = zip(encoding.starts.tolist(), encoding.ends.tolist(), strict=True)
    assert all(0 <= start <= end <= len(text) for start, end in bounds)
    assert encoding.paragraph.tolist() == sorted(encoding.paragraph.tolist())


@pytest.mark.parametrize("style", STYLES)
def test_rewriting_marks_keeps_offsets_and_words(style: str) -> None:
    text = '"It is ours," Dana Ruiz said. "It isn\'t for sale."'
    rewritten = rewrite_marks(text, style)
    assert len(rewritten) == len(text)
    assert rewritten.count(style[0]) >= 2
    assert all(new == old or old == '"' for new, old in zip(rewritten, text, strict=True)), (
        rewritten
    )
    if style[0] != "'":
        starts = [quotation.start for quotation in find_quotations(rewritten)]
        assert starts == [quotation.start for quotation in find_quotations(text)]
