"""Statements, their speakers and dates, found by rules."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from models.quotes import Document, Statement, load_extractor
from models.quotes.load import EXTRACTORS, ExtractorKind

EXTRACTOR = load_extractor("rules")
HARBOUR = Path(__file__).parent / "data" / "harbour.txt"
SHARED = Path(os.environ.get("STANCEWIRE_SHARED", "../shared"))


def extract(text: str, published_on: date | None = None) -> list[Statement]:
    return EXTRACTOR.extract([Document(text, published_on)])[0]


def pieces(text: str, statement: Statement) -> list[str]:
    return [text[start:end] for start, end in statement.spans]


def speaker(statement: Statement) -> str | None:
    return None if statement.speaker is None else statement.speaker.name


@pytest.mark.parametrize(
    ("text", "kind", "contents", "name"),
    [
        (
            '"We will not sell the harbour," said Dana Ruiz.',
            "direct",
            ['"We will not sell the harbour,"'],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz said: “We will not sell the harbour.”",
            "direct",
            ["“We will not sell the harbour.”"],
            "Dana Ruiz",
        ),
        (
            '"We will not sell," Dana Ruiz said on Monday. "Not now, not ever."',
            "direct",
            ['"We will not sell,"', '"Not now, not ever."'],
            "Dana Ruiz",
        ),
        (
            '"We will not sell," Dana Ruiz said, "and we will not rent."',
            "direct",
            ['"We will not sell,"', '"and we will not rent."'],
            "Dana Ruiz",
        ),
        (
            '"Why would we sell it now?" Dana Ruiz asked.',
            "direct",
            ['"Why would we sell it now?"'],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz said that the harbour was not for sale.",
            "indirect",
            ["that the harbour was not for sale"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz said the harbour was not for sale.",
            "indirect",
            ["the harbour was not for sale"],
            "Dana Ruiz",
        ),
        (
            "The harbour is not for sale, Dana Ruiz said.",
            "indirect",
            ["The harbour is not for sale"],
            "Dana Ruiz",
        ),
        (
            "The harbour, Dana Ruiz said, is not for sale.",
            "indirect",
            ["The harbour", "is not for sale"],
            "Dana Ruiz",
        ),
        (
            "According to Dana Ruiz, the harbour is not for sale.",
            "indirect",
            ["the harbour is not for sale"],
            "Dana Ruiz",
        ),
        (
            "The harbour is losing money, according to Dana Ruiz.",
            "indirect",
            ["The harbour is losing money"],
            "Dana Ruiz",
        ),
        (
            "As Dana Ruiz noted, the harbour was losing money.",
            "indirect",
            ["the harbour was losing money"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz told reporters on Monday that the harbour was not for sale.",
            "indirect",
            ["that the harbour was not for sale"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz urged the council to keep the harbour.",
            "indirect",
            ["the council to keep the harbour"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz decried selling the harbour to strangers.",
            "indirect",
            ["selling the harbour to strangers"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz denied that the harbour was for sale.",
            "indirect",
            ["that the harbour was for sale"],
            "Dana Ruiz",
        ),
        (
            "Dana Ruiz declined to say whether the harbour was for sale.",
            "indirect",
            ["to say whether the harbour was for sale"],
            "Dana Ruiz",
        ),
        (
            'Dana Ruiz said the sale would be "a gift to strangers" and a mistake.',
            "mixed",
            ['the sale would be "a gift to strangers" and a mistake'],
            "Dana Ruiz",
        ),
        (
            'Dana Ruiz called the offer "an insult."',
            "mixed",
            ['the offer "an insult."'],
            "Dana Ruiz",
        ),
        (
            'The sale is "a gift to strangers," Dana Ruiz said.',
            "mixed",
            ['The sale is "a gift to strangers,"'],
            "Dana Ruiz",
        ),
        (
            "Sir Alan Beck, who replaced Ida Moor in July, said the harbour was safe.",
            "indirect",
            ["the harbour was safe"],
            "Alan Beck",
        ),
        (
            'Alan Beck, the host of "Harbour Hour," said the plan was dead.',
            "indirect",
            ["the plan was dead"],
            "Alan Beck",
        ),
        (
            "An official who was not allowed to speak in public said the plan was dead.",
            "indirect",
            ["the plan was dead"],
            "An official who was not allowed to speak in public",
        ),
        (
            "The Harbour Board said it had not been asked.",
            "indirect",
            ["it had not been asked"],
            "Harbour Board",
        ),
        (
            "The audit found that the harbour was losing money.",
            "indirect",
            ["that the harbour was losing money"],
            "The audit",
        ),
        (
            "Dana Ruiz criticised Alan Beck for saying that the harbour was lost.",
            "indirect",
            ["Alan Beck for saying that the harbour was lost"],
            "Dana Ruiz",
        ),
        (
            "\"He told us, 'Sell it now,' and we refused,\" Dana Ruiz said.",
            "direct",
            ["\"He told us, 'Sell it now,' and we refused,\""],
            "Dana Ruiz",
        ),
        (
            "«We will not sell the harbour», said Dana Ruiz.",
            "direct",
            ["«We will not sell the harbour»"],
            "Dana Ruiz",
        ),
        (
            "‘We will not sell the harbour,’ said Dana Ruiz.",
            "direct",
            ["‘We will not sell the harbour,’"],
            "Dana Ruiz",
        ),
        (
            "PORT ELLEN, Feb. 3 (AP) — The harbour is not for sale, Dana Ruiz said.",
            "indirect",
            ["The harbour is not for sale"],
            "Dana Ruiz",
        ),
        (
            "“It is our harbour, and it stays ours.” ― Dana Ruiz",
            "direct",
            ["“It is our harbour, and it stays ours.”"],
            "Dana Ruiz",
        ),
        (
            'Dana Ruiz continued:\n\n"It is our harbour."',
            "direct",
            ['"It is our harbour."'],
            "Dana Ruiz",
        ),
        (
            'The mayor\'s chief adviser, Dana Ruiz, said: "No."',
            "direct",
            ['"No."'],
            "Dana Ruiz",
        ),
        (
            'The harbour board was quoted as saying that it was "not for sale."',
            "mixed",
            ['that it was "not for sale."'],
            "The harbour board",
        ),
        (
            '"It will never happen," the harbour master thundered.',
            "direct",
            ['"It will never happen,"'],
            "The harbour master",
        ),
    ],
)
def test_one_statement(text: str, kind: str, contents: list[str], name: str) -> None:
    found = extract(text)
    assert [pieces(text, statement) for statement in found] == [contents]
    assert found[0].kind == kind
    spoken = speaker(found[0])
    assert spoken is not None
    assert spoken.lower() == name.lower()


@pytest.mark.parametrize(
    "text",
    [
        'The film "The Long Harbour at Night" opens today.',
        'Jack "The Hook" Malone walked home.',
        'The so-called "harbour tax" was raised twice.',
        "The annual report on the harbour claims department is late.",
        "The ship left the harbour at noon.",
        "",
        "   \n\n  ",
    ],
)
def test_scare_quotes_titles_and_nicknames_are_no_statements(text: str) -> None:
    assert extract(text) == []


def test_two_cues_of_one_source_are_two_statements() -> None:
    text = "Dana Ruiz said that the harbour was safe and added that it was not for sale."
    found = extract(text)
    assert [pieces(text, statement) for statement in found] == [
        ["that the harbour was safe"],
        ["that it was not for sale"],
    ]
    assert [speaker(statement) for statement in found] == ["Dana Ruiz", "Dana Ruiz"]


def test_a_participle_has_the_subject_of_its_sentence() -> None:
    text = '"We are staying," Dana Ruiz said, adding that the board had no plan.'
    found = extract(text)
    assert [pieces(text, statement) for statement in found] == [
        ['"We are staying,"'],
        ["that the board had no plan"],
    ]
    assert speaker(found[1]) == "Dana Ruiz"


def test_a_participle_after_marks_begins_a_statement() -> None:
    text = "Her lawyer, Tom Reed, called the charges “baseless,” adding: “We will fight.”"
    found = extract(text)
    assert [pieces(text, statement) for statement in found] == [
        ["the charges “baseless,”"],
        ["“We will fight.”"],
    ]
    assert [speaker(statement) for statement in found] == ["Tom Reed", "Tom Reed"]


def test_the_next_paragraph_holds_what_a_cue_introduces() -> None:
    text = 'Dana Ruiz was blunt. On Feb. 3 she said:\n\n"The harbour is ours."'
    (found,) = extract(text, date(2025, 2, 10))
    assert pieces(text, found) == ['"The harbour is ours."']
    assert found.said_on == date(2025, 2, 3)
    assert speaker(found) == "Dana Ruiz"


def test_a_quotation_over_paragraphs_is_one_statement() -> None:
    text = "“The harbour is ours.\n\n“It was ours in the war.\n\n“It stays ours,” said Dana Ruiz."
    (found,) = extract(text)
    assert pieces(text, found) == [
        "“The harbour is ours.",
        "“It was ours in the war.",
        "“It stays ours,”",
    ]
    assert found.kind == "direct"


def test_a_quotation_alone_has_the_speaker_before_it() -> None:
    text = (
        "Dana Ruiz, the mayor, said the sale was off.\n\n"
        '"Nobody asked the people who live here."\n\nThe board meets in May.'
    )
    found = extract(text)
    assert [speaker(statement) for statement in found] == ["Dana Ruiz", "Dana Ruiz"]
    assert found[1].speaker is not None
    assert found[1].speaker.resolved_by == "context"
    assert found[1].cue is None


def test_a_quotation_without_any_source_has_no_speaker() -> None:
    (found,) = extract('"Nobody asked the people who live here."')
    assert found.speaker is None


@pytest.mark.parametrize(
    ("tail", "name", "resolved_by"),
    [
        ("He said the sale was off.", "Alan Beck", "pronoun"),
        ("She said the sale was off.", "Dana Ruiz", "pronoun"),
        ("Beck said the sale was off.", "Alan Beck", "name"),
        ("The senator said the sale was off.", "Dana Ruiz", "description"),
        ("Ms. Ruiz said the sale was off.", "Dana Ruiz", "name"),
    ],
)
def test_mentions_are_resolved(tail: str, name: str, resolved_by: str) -> None:
    text = f"Sen. Dana Ruiz met the harbour master, Mr. Alan Beck, on Monday. {tail}"
    (found,) = extract(text)
    assert found.speaker is not None
    assert (found.speaker.name, found.speaker.resolved_by) == (name, resolved_by)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("EU trade chief Lena Holm said the deal was dead.", "EU trade chief"),
        ("Lena Holm, the EU trade chief, said the deal was dead.", "EU trade chief"),
        ("Texas Gov. Lena Holm said the deal was dead.", "Texas Gov."),
        ("Ms. Lena Holm said the deal was dead.", None),
        (
            "EU trade chief Lena Holm flew in. Holm, a former minister, said the deal was dead.",
            "EU trade chief",
        ),
        (
            "Lena Holm, a former minister, sat down. EU trade chief Lena Holm said it was dead.",
            "EU trade chief",
        ),
    ],
)
def test_the_role_is_what_the_article_says(text: str, role: str | None) -> None:
    (found,) = extract(text)
    assert found.speaker is not None
    assert found.speaker.name == "Lena Holm"
    assert found.speaker.role == role


def test_an_article_with_many_traps() -> None:
    text = HARBOUR.read_text(encoding="utf-8")
    found = extract(text, date(2024, 5, 31))
    by_ruiz = {
        " ".join(pieces(text, statement)): statement
        for statement in found
        if speaker(statement) == "Dana Ruiz"
    }
    assert {
        statement.speaker.role for statement in by_ruiz.values() if statement.speaker is not None
    } == {"Port authority chief"}
    expected = {
        "selling the old harbour in an interview with Coast Radio": "name",
        "that there was no reason to hurry": "name",
        '"What I ask is, why sell the one thing that feeds us — and sell it now?"': "context",
        "\"Imagine that after the flood you had gone to the bank and said, 'Take it all, "
        "what else do you want?' It's absurd,\"": "pronoun",
        'the claim "plainly false."': "name",
        'the town needs the quay because it is "afraid of empty boats," as in her mother\'s '
        "time": "name",
        "Ships won't come back unless the dredging is paid for": "description",
        '"They will try to split the town,"': "name",
        '"Let\'s not help them. Together with the U.S. yards we can keep it — on our terms."': (
            "context"
        ),
    }
    for words, resolved_by in expected.items():
        assert words in by_ruiz
        resolved = by_ruiz[words].speaker
        assert resolved is not None
        assert resolved.resolved_by == resolved_by
    assert by_ruiz['"They will try to split the town,"'].said_on == date(2024, 5, 20)
    assert by_ruiz['the claim "plainly false."'].kind == "mixed"


@pytest.mark.parametrize("extractor", EXTRACTORS)
@pytest.mark.skipif(
    not (SHARED / "examples" / "kallas.txt").exists(), reason="the shared article is not here"
)
def test_the_kallas_article(extractor: ExtractorKind) -> None:
    text = (SHARED / "examples" / "kallas.txt").read_text(encoding="utf-8")
    (found,) = load_extractor(extractor).extract([Document(text, date(2025, 2, 28))])
    hers = [statement for statement in found if speaker(statement) == "Kaja Kallas"]
    assert {statement.speaker.role for statement in hers if statement.speaker is not None} == {
        "EU foreign policy chief"
    }
    spoken = {" ".join(pieces(text, statement)): statement for statement in hers}
    starts = {
        '"My question is, why': "direct",
        '"Consider here in America': "direct",
        'these claims "totally untrue."': "mixed",
        '"That is the Russian narrative': "direct",
        "the Baltic country joined NATO": "mixed",
        '"And the only thing': "direct",
        '"Russia will try to divide us,"': "direct",
        "\"Let's not walk into their traps.": "direct",
        "ruling out NATO membership": "indirect",
        "that there was no reason": "indirect",
        "the proposed concessions to attempts": "indirect",
        "Europe won't be able": "indirect",
        "strong support": "indirect",
    }
    for start, kind in starts.items():
        matching = [item for words, item in spoken.items() if words.startswith(start)]
        assert [item.kind for item in matching] == [kind], start
    dated = [item for words, item in spoken.items() if words.startswith(('"Russia', '"Let'))]
    assert {item.said_on for item in dated} == {date(2025, 2, 18)}
    assert not any("AI assistance" in words for words in spoken)
    alleged = [item for item in found if item.cue is not None and item.cue.text == "alleged"]
    assert [speaker(item) for item in alleged] == ["Russia"]


@pytest.mark.parametrize(
    ("text", "content", "name", "role"),
    [
        (
            "In May, the warden, Paul Ash, said the gate was safe.",
            "the gate was safe",
            "Paul Ash",
            "warden",
        ),
        (
            "A spokeswoman for the museum, Ida Brandt, said the roof had leaked.",
            "the roof had leaked",
            "Ida Brandt",
            "spokeswoman for the museum",
        ),
        (
            "Sen. Owen Hale (R-S.C.) told reporters that the vote would be close.",
            "that the vote would be close",
            "Owen Hale",
            "Sen.",
        ),
        (
            "Nurse Ida Brandt, who has advised two ministers, argued that the ward was too small.",
            "that the ward was too small",
            "Ida Brandt",
            "Nurse",
        ),
        (
            "According to a report by the harbour board, the wall is cracked.",
            "the wall is cracked",
            "a report by the harbour board",
            None,
        ),
    ],
)
def test_names_beside_descriptions_and_openings(
    text: str, content: str, name: str, role: str | None
) -> None:
    (statement,) = extract(text)
    assert pieces(text, statement) == [content]
    assert statement.speaker is not None
    assert (statement.speaker.name, statement.speaker.role) == (name, role)


def test_a_country_is_no_he() -> None:
    text = 'Minister Lund flew to Kenya. Kenya said the visit was welcome. "I am glad," he said.'
    assert [speaker(statement) for statement in extract(text)][-1] != "Kenya"


def test_the_word_quotes_makes_no_statement() -> None:
    assert extract("No quotes here.") == []
