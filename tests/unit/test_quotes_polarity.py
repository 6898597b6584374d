"""Whether a statement is asserted, denied or withheld: the function, then both extractors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.quotes import Document, QuoteExtractor, load_extractor
from models.quotes.polarity import polarity_of
from stancewire.records import Polarity, Span

# [source] {cue} <content>; a statement may have several contents.
MARKED: list[tuple[str, Polarity]] = [
    # What is said, thought, claimed.
    ("[Ruiz] {said} <that the pier would close>.", "asserted"),
    ("[The board] {fears} <that the pier would close>.", "asserted"),
    ("{According to} [Ruiz], <the pier is safe>.", "asserted"),
    ("<“The pier is safe,”> [Ruiz] {said}.", "asserted"),
    # A negation inside of the content is part of what is said.
    ("[Ruiz] {said} <she did not sign the contract>.", "asserted"),
    ("[Ruiz] {said} <that nobody had refused to pay>.", "asserted"),
    ("[Ruiz] {claimed} <to have never denied the charge>.", "asserted"),
    ("[Ruiz] {insisted} <not a cent was missing>.", "asserted"),
    # Denials.
    ("[Ruiz] {denied} <that the pier would close>.", "denied"),
    ("[Ruiz] {denied} <taking a bribe>.", "denied"),
    ("[Ruiz] {has repeatedly denied} <any wrongdoing>.", "denied"),
    ("[Ruiz] {denied} to reporters on Monday <that she had lied>.", "denied"),
    ("The claims, <which> [Ruiz] {denies}, came from a rival.", "denied"),
    ("[The firm] {disputed} <that the ferry was late>.", "denied"),
    ("[The firm] {refuted} <the report>.", "denied"),
    ("[The firm] {went on to rebut} <each point of the letter>.", "denied"),
    ("[The firm] {published a letter disputing} <the findings>.", "denied"),
    ("[Ruiz] {responded by denying} <that she had lied>.", "denied"),
    ("[Ruiz] {ruled out} <a third term>.", "denied"),
    ("[Ruiz] {rejected} <the claim that the pier is unsafe>.", "denied"),
    ("[Ruiz] {rejected the notion} <that the pier is unsafe>.", "denied"),
    ("[Ruiz] {dismissed} <suggestions that she would resign>.", "denied"),
    ("[Ruiz] {brushed off} <reports that she would resign>.", "denied"),
    ("[Ruiz] {pushed back on} <the idea of a toll>.", "denied"),
    ("[Ruiz] {not only dismissed} <the rumours>.", "denied"),
    ("[Ruiz] {said it was untrue} <that she had lied>.", "denied"),
    ("[Ruiz] {said there was no truth to} <the report of a sale>.", "denied"),
    ("[Ruiz] {doubts} <the ferry will ever sail>.", "denied"),
    ("[Ruiz] {is sceptical} <that the ferry will sail>.", "denied"),
    # A thought or a wish, negated, is its opposite.
    ("[Ruiz] {does not think} <that the toll is fair>.", "denied"),
    ("[Ruiz] {no longer believes} <that the toll is fair>.", "denied"),
    ("[Ruiz] {isn’t convinced} <that the toll is fair>.", "denied"),
    ("[Nobody on the quay] {expects} <the ferry to return>.", "denied"),
    ("[Few on the quay] {believe} <that the ferry will return>.", "denied"),
    ("[Ruiz] {has no plans} <to step down>.", "denied"),
    ("[Ruiz] {refused} <to step down>.", "denied"),
    ("[The crew] {is not willing} <to sail in a storm>.", "denied"),
    ("[Ruiz] {vowed never} <to sell the harbour>.", "denied"),
    # No statement.
    ("[Ruiz] {declined} <to comment on the sale>.", "withheld"),
    ("[Ruiz] {declined to say} <whether she would run>.", "withheld"),
    ("[Ruiz] declined to {say} <how much it had cost>.", "withheld"),
    ("[Ruiz] {declined} on Monday <to confirm the sale>.", "withheld"),
    ("[Ruiz] {refused to comment on} <the sale>.", "withheld"),
    ("[Ruiz] {refused} <to give details of the sale>.", "withheld"),
    ("[Ruiz] {would not say} <if she would run>.", "withheld"),
    ("[Ruiz] {did not specify} <when the pier would close>.", "withheld"),
    ("[Ruiz] did not {say} <that the pier would close>.", "withheld"),
    ("[Ruiz] {never said} <that the pier would close>.", "withheld"),
    ("[Ruiz] never {said}, <“We will sell the harbour.”>", "withheld"),
    ("[Ruiz] {has not confirmed} <that the pier would close>.", "withheld"),
    ("[Ruiz] {has yet to confirm} <the date>.", "withheld"),
    ("[Ruiz] {was unable to say} <who had paid>.", "withheld"),
    ("[Ruiz] {stopped short of saying} <that the pier was unsafe>.", "withheld"),
    ("[Ruiz] {did not respond to a question} <whether she would run>.", "withheld"),
    ("[Ruiz] {neither confirmed nor denied} <the report>.", "withheld"),
    ("[Ruiz] neither confirmed nor {denied} <the report>.", "withheld"),
    ("[Ruiz] would not confirm or {deny} <that she would run>.", "withheld"),
    ("[Ruiz] {did not deny} <that she had met him>.", "withheld"),
    ("[The firm] {is not disputing} <that the ferry was late>.", "withheld"),
    ("[Ruiz] {failed to mention} <the debt>.", "withheld"),
    ("[Ruiz] {made no mention of} <the debt>.", "withheld"),
    ("[Ruiz] {said nothing about} <the debt>.", "withheld"),
    ("[Ruiz] {dodged} <a question about the debt>.", "withheld"),
    ("[Ruiz] {did not want} <to say who had paid>.", "withheld"),
    ("[The council] {decided not to recommend} <a toll>.", "withheld"),
    ("[None of the owners] {would identify} <the buyer>.", "withheld"),
    ("Nor did [Ruiz] {say} <that the pier would close>.", "withheld"),
    ("At no point did [Ruiz] {claim} <that the pier was safe>.", "withheld"),
    ("{It is unclear} <who paid for the pier>.", "withheld"),
    # A question whether it is so asserts nothing.
    ("[A reporter] {asked} Ruiz <whether the pier would close>.", "withheld"),
    ("[A reporter] {asked} Ruiz <if the pier would close>.", "withheld"),
    ("[A reporter] {asked} <the mayor if the pier would close>.", "withheld"),
    ("[Ruiz] {wondered} <if the pier would close>.", "withheld"),
    ("[The council] {is divided over} <whether to sell>.", "withheld"),
    ("[Ruiz] {questioned} <the claim that the pier was safe>.", "withheld"),
    # Demands, and questions that presuppose their content.
    ("[Ruiz] {asked} <them to see if the pier was safe>.", "asserted"),
    ("[Ruiz] {asked} <them to leave>.", "asserted"),
    ("[Ruiz] {asked} <why the pier had closed>.", "asserted"),
    ("[Ruiz] {said} <if elected she would sell>.", "asserted"),
    ("[Ruiz] {said} <whether or not it rains, the ferry sails>.", "asserted"),
    # Words that a colon or comma sets off are the source's, whatever the cue.
    ("[Ruiz] {denied the report}: <“I was at home.”>", "asserted"),
    ("<“Will the pier close?”> [a reporter] {asked}.", "asserted"),
    ("[Ruiz] {denied} <“any part” in the sale>.", "denied"),
    # The cue is another verb.
    ("[Ruiz] {criticised} <Mbeki for denying that the pier was unsafe>.", "asserted"),
    ("[Ruiz] {accused} <the firm of refusing to pay>.", "asserted"),
    ("[Ruiz] denied the allegations, {saying} <she had been at home>.", "asserted"),
    ("[Ruiz] {denied the allegations, saying} <she had been at home>.", "asserted"),
    ("[Ruiz], who declined to be named in May, {said} <she would run>.", "asserted"),
    ("[Ruiz] did not stay. [She] {said} <that the pier was safe>.", "asserted"),
    ("[Ruiz] {said, without offering proof,} <that the pier was safe>.", "asserted"),
    # Positions on a thing rather than a claim.
    ("[The council] {rejected} <the plan>.", "asserted"),
    ("[Ruiz] {dismissed} <Mbeki as a dreamer>.", "asserted"),
    ("[Ruiz] {dismissed as “nonsense”} <the claim that she would sell>.", "denied"),
    ("[The judge] {denied} <the request for bail>.", "asserted"),
    ("[The two] {are in a dispute over} <who owns the quay>.", "asserted"),
    # Two negations, and idioms.
    ("[Ruiz] {could not deny} <that the pier was unsafe>.", "asserted"),
    ("{It is hard not to notice} <that the pier is old>.", "asserted"),
    ("[No one] {denies} <that the pier is old>.", "asserted"),
    ("[Ruiz] {never fails to mention} <the ferry>.", "asserted"),
    ("[Ruiz] {did not hesitate to say} <that the pier was unsafe>.", "asserted"),
    ("{There is no doubt} <that the pier is old>.", "asserted"),
    ("[Ruiz] {never doubted} <that the ferry would sail>.", "asserted"),
    ("[Ruiz] {not only said} <that the pier was unsafe>.", "asserted"),
    ("[Ruiz] {made no secret of} <her wish to sell>.", "asserted"),
    ("[Ruiz] {couldn't help but worry} <that the pier would fall>.", "asserted"),
    ("[Ruiz] {could not believe} <that the pier had closed>.", "asserted"),
    ("[Ruiz] {said nothing but} <that the pier was old>.", "asserted"),
    # Not a negative source.
    ("[No. 10] {said} <that the talks would go on>.", "asserted"),
    ("[Not everyone on the quay] {agrees} <that the toll is fair>.", "asserted"),
]  # fmt: skip


def read(marked: str) -> tuple[str, list[Span], Span, Span | None]:
    """The text without its marks, the contents, the cue and the last source."""
    text = ""
    begun: dict[str, int] = {}
    spans: dict[str, list[Span]] = {">": [], "}": [], "]": []}
    for character in marked:
        if character in "<{[":
            begun[character] = len(text)
        elif character in spans:
            opening = {">": "<", "}": "{", "]": "["}[character]
            spans[character].append((begun[opening], len(text)))
        else:
            text += character
    sources = spans["]"]
    return text, spans[">"], spans["}"][0], sources[-1] if sources else None


@pytest.mark.parametrize(("marked", "polarity"), MARKED)
def test_polarity_of_marked_statements(marked: str, polarity: Polarity) -> None:
    text, contents, cue, source = read(marked)
    assert polarity_of(text, contents, cue, source) == polarity


def test_a_statement_without_a_cue_is_asserted() -> None:
    assert polarity_of("“It will not close.”", [(0, 20)], None) == "asserted"


WORDS = st.sampled_from(
    ["No", "one", "Few", "Ruiz", "did", "not", "n't", "no", "never", "nor", "yet", "to", "short",
     "of", "refused", "declined", "failed", "say", "said", "deny", "denied", "doubt", "rejected",
     "the", "claim", "whether", "if", "that", "asked", "as", "nothing", ",", ":", "“", "”", "\n"]
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), st.data())
def test_any_words_have_a_polarity(text: str, data: st.DataObject) -> None:
    edges = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
    )
    contents = data.draw(st.lists(edges, min_size=1, max_size=2))
    found = polarity_of(text, contents, data.draw(edges), data.draw(st.none() | edges))
    assert found in ("asserted", "denied", "withheld")


# The statement with these words, and its polarity.
ARTICLES: list[tuple[str, str, Polarity]] = [
    ("Dana Ruiz denied that the pier would close in May.", "pier would close", "denied"),
    ("Dana Ruiz rejected the claim that the pier is unsafe.", "pier is unsafe", "denied"),
    ("Dana Ruiz disputed the report.", "report", "denied"),
    ("Dana Ruiz doubts that the ferry will ever sail.", "ferry", "denied"),
    ("Dana Ruiz does not think that the toll is fair.", "toll is fair", "denied"),
    ("Dana Ruiz does not believe the toll is fair.", "toll is fair", "denied"),
    ("Dana Ruiz declined to say whether she would run again.", "whether", "withheld"),
    ("Dana Ruiz declined to comment on the sale of the harbour.", "comment", "withheld"),
    ("Dana Ruiz refused to say how much it had cost.", "how much", "withheld"),
    ("Dana Ruiz would not say whether the harbour was for sale.", "whether", "withheld"),
    ("Dana Ruiz did not say that the pier would close.", "pier would close", "withheld"),
    ("The police have not said whether the two men had met.", "whether", "withheld"),
    ("Dana Ruiz never said that the pier would close.", "pier would close", "withheld"),
    ("Dana Ruiz has not confirmed that the pier will close.", "pier will close", "withheld"),
    ("Dana Ruiz neither confirmed nor denied that the pier was sold.", "pier was", "withheld"),
    ("Dana Ruiz did not deny that the pier would close.", "pier would close", "withheld"),
    ("Dana Ruiz could not deny that the pier was unsafe.", "unsafe", "asserted"),
    ("Nobody at the harbour said that the pier was unsafe.", "unsafe", "withheld"),
    ("No one at the harbour believes that the ferry will return.", "ferry", "denied"),
    ("Dana Ruiz refused to step down.", "step down", "denied"),
    ("Dana Ruiz refuted claims that the pier was unsafe.", "unsafe", "denied"),
    ("The mayor rejected the council's plan to sell the harbour.", "plan", "asserted"),
    ('Kim Sato denied the report, calling it "a work of fiction."', "fiction", "asserted"),
    ("Kim Sato accused the mayor of refusing to pay the crew.", "refusing", "asserted"),
    ("Kim Sato insisted that he had never refused to pay.", "never refused", "asserted"),
    ("Kim Sato does not want to sell the harbour.", "to sell", "denied"),
    ("Dana Ruiz did not mention the debt of the harbour.", "debt", "withheld"),
    ("Reporters asked Dana Ruiz whether the pier would close.", "whether", "withheld"),
    ("Dana Ruiz wondered whether the pier would close.", "whether", "withheld"),
    ("Dana Ruiz asked the crew to leave the harbour.", "to leave", "asserted"),
    ("Dana Ruiz asked why the pier had closed.", "why the pier", "asserted"),
    ("Dana Ruiz said that the pier would not close.", "not close", "asserted"),
    ("Dana Ruiz said she did not sign the contract.", "did not sign", "asserted"),
    ("Dana Ruiz denied the allegations, saying she had been at home.", "at home", "asserted"),
    ("Dana Ruiz criticised Paul Mbeki for denying that the pier was unsafe.", "Mbeki", "asserted"),
    ('"The pier will not close," Dana Ruiz said. "I never said so."', "not close", "asserted"),
    ("Dana Ruiz made clear that the pier would not close.", "not close", "asserted"),
]  # fmt: skip

# Only the span model reads these as statements.
SHIPPED: list[tuple[str, str, Polarity]] = [
    ("Dana Ruiz dismissed suggestions that she would resign.", "would resign", "denied"),
    ("Dana Ruiz brushed off reports that the ferry was unsafe.", "unsafe", "denied"),
    ("Kim Sato, the harbour master, denied having seen the letter.", "letter", "denied"),
    ("Kim Sato has no plans to resign.", "to resign", "denied"),
    ("Dana Ruiz has yet to confirm that the pier will close.", "pier will close", "withheld"),
    ("Dana Ruiz stopped short of saying that the pier was unsafe.", "unsafe", "withheld"),
    ("Officials would neither confirm nor deny that a deal was near.", "deal", "withheld"),
    ("Nor did Dana Ruiz say that the pier would close.", "pier would close", "withheld"),
    ("Kim Sato wondered aloud if the ferry would ever return.", "ferry", "withheld"),
    ("Kim Sato never hesitated to say that the pier was unsafe.", "unsafe", "asserted"),
]


@pytest.fixture(scope="module")
def shipped() -> QuoteExtractor:
    return load_extractor()


@pytest.fixture(params=["rules", "shipped"])
def extractor(request: pytest.FixtureRequest, shipped: QuoteExtractor) -> QuoteExtractor:
    return shipped if request.param == "shipped" else load_extractor("rules")


@pytest.mark.parametrize(("text", "words", "polarity"), ARTICLES)
def test_both_extractors_give_the_polarity(
    extractor: QuoteExtractor, text: str, words: str, polarity: Polarity
) -> None:
    check(extractor, text, words, polarity)


@pytest.mark.parametrize(("text", "words", "polarity"), SHIPPED)
def test_the_shipped_extractor_gives_the_polarity(
    shipped: QuoteExtractor, text: str, words: str, polarity: Polarity
) -> None:
    check(shipped, text, words, polarity)


def check(extractor: QuoteExtractor, text: str, words: str, polarity: Polarity) -> None:
    found = {
        " ".join(text[start:end] for start, end in statement.spans): statement.polarity
        for statement in extractor.extract([Document(text)])[0]
    }
    assert [polarity] == [given for content, given in found.items() if words in content], found
