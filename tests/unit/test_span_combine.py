"""Which of the model's and the rules' attributions stand, and where their edges are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.quotes.layout import read_layout
from models.quotes.reading import Attribution
from models.quotes.span.combine import AGREED_RULE, MODEL_RULE, combine, snap, to_attributions, trim
from models.quotes.span.labels import CONTENT, CUE, SOURCE
from models.quotes.span.link import Linked
from models.quotes.span.tagger import Marked
from stancewire.records import Span

TEXT = 'Dana Ruiz said on Monday the quay was "not for sale."\nShe did not say why it is not.'


def at(words: str) -> Span:
    start = TEXT.index(words)
    return start, start + len(words)


def marked(words: str, part: int) -> Marked:
    return Marked(at(words), part, 0, np.zeros(1), np.zeros(1), 1.5)


def attribution(content: str, cue: str | None, rule: str, source: str = "Dana Ruiz") -> Attribution:
    return Attribution([at(content)], at(source), None if cue is None else at(cue), rule, 0)


def contents(items: list[Attribution]) -> list[list[str]]:
    return [[TEXT[start:end] for start, end in item.contents] for item in items]


@pytest.mark.parametrize(
    ("words", "snapped"),
    [
        ("not for sale", '"not for sale."'),
        ('the quay was "not for sale', 'the quay was "not for sale."'),
        ("the quay was", "the quay was"),
        ('the quay was "not', 'the quay was "not'),
        ("it is not", "it is not"),
    ],
)
def test_edges_leave_the_marks_of_what_is_mostly_meant(words: str, snapped: str) -> None:
    assert snap(at(words), read_layout(TEXT)) == at(snapped)


def test_an_attribution_has_its_sentence_and_the_clause_that_dates_it() -> None:
    linked = Linked(
        marked("said", CUE), marked("Dana Ruiz", SOURCE), [marked("the quay was", CONTENT)]
    )
    (found,) = to_attributions([linked, Linked(marked("say", CUE))], read_layout(TEXT))
    assert (found.sentence, found.rule, found.margin) == (0, MODEL_RULE, 1.5)
    assert found.clause == at("Dana Ruiz said on Monday ")


def test_the_model_wins_where_both_read_a_passage() -> None:
    model = attribution("the quay was", "said", MODEL_RULE)
    rules = attribution('"not for sale."', "said", "bare-clause")
    (found,) = combine([model], [rules], TEXT)
    assert contents([found]) == [["the quay was"]]
    assert found.rule == MODEL_RULE


def test_agreement_is_told() -> None:
    model = attribution("the quay was", "said", MODEL_RULE)
    rules = attribution("the quay was", "said", "bare-clause")
    (agreed,) = combine([model], [rules], TEXT)
    (alone,) = combine([model], [], TEXT)
    assert (agreed.rule, alone.rule) == (AGREED_RULE, MODEL_RULE)
    assert agreed.confidence is not None
    assert alone.confidence is not None
    assert 0 < alone.confidence < agreed.confidence < 1


def test_rules_stand_where_the_model_reads_nothing() -> None:
    rules = attribution("why it is not", "say", "to-verb", source="She")
    assert combine([], [rules], TEXT) == [rules]


@pytest.mark.parametrize(
    ("model", "rules"),
    [
        # The model found no cue.
        (
            attribution('"not for sale."', None, MODEL_RULE),
            attribution('"not for sale."', "said", "quote-after"),
        ),
        # It read one paragraph, the rules two.
        (
            attribution('"not for sale."', "said", MODEL_RULE),
            attribution("why it is not", "said", "introduced"),
        ),
        # It found no source for another content of the same cue.
        (
            replace(attribution('"not for sale."', "said", MODEL_RULE), source=None),
            attribution('the quay was "not for sale."', "said", "bare-clause"),
        ),
    ],
)
def test_rules_stand_where_they_see_further(model: Attribution, rules: Attribution) -> None:
    assert combine([model], [rules], TEXT) == [rules]


def test_a_shared_subject_is_the_rules_to_give() -> None:
    model = replace(attribution("the quay was", "said", MODEL_RULE), source=None)
    rules = attribution("the quay was", "said", "that-clause-shared")
    (found,) = combine([model], [rules], TEXT)
    assert (found.rule, found.source) == (AGREED_RULE, at("Dana Ruiz"))


def test_datelines_and_second_periods_are_no_content() -> None:
    text = "PORT ELLEN, Feb. 3 (AP) — He lives in the U.S.."
    layout = read_layout(text)
    starts = [sentence.tokens[0].start for sentence in layout.sentences]
    start, end = trim((0, len(text)), layout, starts)
    assert text[start:end] == "He lives in the U.S."


def test_words_besides_a_quotation_go_where_the_rules_read_it_alone() -> None:
    text = '"We are done," Ona Lind said, and soon the hall was empty.'
    layout = read_layout(text)
    quotation, cue, scrap = (0, 14), (24, 28), (34, 57)
    source = (15, 23)
    ours = Attribution([quotation, scrap], source, cue, MODEL_RULE, 0)
    theirs = Attribution([quotation], source, cue, "quote-before", 0)
    (found,) = combine([ours], [theirs], layout.text)
    assert found.contents == [quotation]
    assert found.rule == AGREED_RULE


def test_a_quotation_that_a_colon_leads_to_is_not_buried_in_what_leads_to_it() -> None:
    text = 'Its letter spoke of the quay: "Not for sale, not ever," the union wrote.'
    quote, cue = text.index('"'), text.index("wrote")
    end = text.index(" the union")
    model = Attribution([(4, end)], None, (cue, cue + 5), MODEL_RULE, 0)
    rules = Attribution([(quote, end)], None, (cue, cue + 5), "quote-before", 0)
    (found,) = combine([model], [rules], text)
    assert found.contents == [(quote, end)]


def test_a_quotation_right_after_its_cue_is_not_given_another() -> None:
    text = 'The film shows Dana Ruiz asking, "Where is it?"'
    quote, asking = (text.index('"'), len(text)), text.index("asking")
    shows = text.index("shows")
    model = Attribution([(15, asking + 6), quote], (0, 8), (shows, shows + 5), MODEL_RULE, 0)
    rules = Attribution([quote], (15, 24), (asking, asking + 6), "quote-after", 0)
    assert combine([model], [rules], text) == [rules]
    told = replace(model, cue=rules.cue)
    assert [item.cue for item in combine([told], [rules], text)] == [rules.cue]


def test_a_few_words_that_nobody_said_are_no_statement() -> None:
    text = 'They sang "Old Harbour" there.'
    label = Attribution([(10, 23)], None, None, MODEL_RULE, 0)
    assert combine([label], [], text) == []
