"""Who the source of a statement is, by invented sentences for each way of saying it."""

from __future__ import annotations

import re

import pytest

from models.quotes.layout import read_layout
from models.quotes.reading import Attribution
from models.quotes.speakers.names import read_names
from models.quotes.speakers.resolver import SpeakerResolver
from stancewire.records import Speaker


def resolve(marked: str) -> list[Speaker | None]:
    """The speakers of the sources that stand in [brackets], in order."""
    spans: list[tuple[int, int]] = []
    text = ""
    for piece in re.split(r"(\[[^\]]*\])", marked):
        if piece.startswith("["):
            spans.append((len(text), len(text) + len(piece) - 2))
            piece = piece[1:-1]
        text += piece
    layout = read_layout(text)
    resolver = SpeakerResolver(layout)
    found: list[Speaker | None] = []
    for span in spans:
        sentence = max(
            index for index, one in enumerate(layout.sentences) if one.tokens[0].start <= span[0]
        )
        contents = [(span[1], span[1] + 1)]
        found.append(resolver.resolve(Attribution(contents, span, None, "span-model", sentence)))
    return found


def last(marked: str) -> str | None:
    speaker = resolve(marked)[-1]
    return None if speaker is None else speaker.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # The full name may come later, with the title's word as a given name, or family name first.
        ("[Okada] said no. Defence Minister Gen Okada left the room.", "Gen Okada"),
        ("Lin Guowei took the stage. [Mr. Lin] said prices would fall.", "Lin Guowei"),
        ("Ms. Anna Brink Holm spoke. Later [Holm] said it was over.", "Anna Brink Holm"),
        ("Owen R. Hale ran. Owen Hale lost. [Hale] said he was tired.", "Owen R. Hale"),
        ("Chief Tom O’Dea came. [O'Dea] said the road was shut.", "Tom O’Dea"),
        ("Rival Helen Marsh spoke. Helen Marsh won. [Marsh] said so.", "Helen Marsh"),
        # Two people of one last name: by title, and by who is spoken of.
        ("Paul and Helen Marsh met Mr. Paul Marsh. [Mrs. Marsh] said no.", "Helen Marsh"),
        (
            "Ted Rowe spoke. Rowe won. Rowe sang. A photo of Heidi Rowe was shown. [Rowe] said no.",
            "Ted Rowe",
        ),
        ("A defensive [Marsh] said no. Helen Marsh had won.", "Helen Marsh"),
        ("[Will Rowe] said no. Rowe won.", "Will Rowe"),
    ],
)
def test_the_fullest_name(text: str, name: str) -> None:
    assert last(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was in The Harbour Street Journal. [The Journal] reported losses.",
         "Harbour Street Journal"),
        ("Harbour Action, a charity in Ayr, met. [The charity] said it was broke.",
         "Harbour Action"),
        ("[the U.S. Court of Appeals for the 3rd Circuit] ruled.",
         "U.S. Court of Appeals for the 3rd Circuit"),
        ("The Harbour Workers Union (HWU) met. [The HWU] said no.", "Harbour Workers Union"),
        ("The National Ferry Board met. [The board] said no.", "National Ferry Board"),
        ("according to [a Harbour Times report]", "Harbour Times"),
        ("according to [a Dover University poll]", "Dover University poll"),
        ("A Dover University poll came out. [The poll] found little change.",
         "Dover University poll"),
        ("A Dover University poll came out. According to [the results], few care.",
         "Dover University poll"),
        ("[The latest EU TODAY/Rock the Boat Poll] shows it.", "EU TODAY/Rock the Boat Poll"),
        ("[an archived version of the Hale Foundation website] said so.",
         "Hale Foundation website"),
        ("[a trade group called Quays of Europe] said so.", "Quays of Europe"),
        ("[the event organizer Alliance to Save Our Quays (ASOQ)] said so.",
         "Alliance to Save Our Quays"),
    ],
)  # fmt: skip
def test_organisations(text: str, name: str) -> None:
    assert last(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maine Sen. Helen Marsh met Owen Hale. [The senator] said no.", "Helen Marsh"),
        ("Helen Marsh, a former secretary of state, met Owen Hale. "
         "[The former secretary of state] said no.", "Helen Marsh"),
        ("Helen Marsh, [the 68-year-old former minister], said no.", "Helen Marsh"),
        ("Judge Owen Hale read the brief of Helen Marsh. [The judge] said no.", "Owen Hale"),
        ("Owen Hale met President Helen Marsh. [The vice president] said no.",
         "The vice president"),
        ("[his wife and current mayor Helen Marsh] said so.", "Helen Marsh"),
        ("[another user, Helen Marsh] said so.", "Helen Marsh"),
        ("Jan Hale and Helen Marsh argued. [Both men] said no.", "Both men"),
        ("[a spokesman for Helen Marsh] said no.", "a spokesman for Helen Marsh"),
        ("[Hundreds of people] said no.", "Hundreds of people"),
        ("Helen Marsh left. [voters] said no.", "voters"),
        ('He made "Quays of Gold," [a documentary] that says so.', "Quays of Gold"),
    ],
)  # fmt: skip
def test_descriptions(text: str, name: str) -> None:
    assert last(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Helen Marsh met Owen Hale on Facebook. [She] said no.", "Helen Marsh"),
        ("Helen Marsh met Owen Hale in Midway. [He] said no.", "Owen Hale"),
        ("Helen Marsh spoke to Owen Hale about [her] plan.", "Helen Marsh"),
        ("Kiri Tane lost her bag. Owen Hale helped. [She] said thanks.", "Kiri Tane"),
        ("Actress Robin Vey met Owen Hale. [She] said no.", "Robin Vey"),
        ("Helen Marsh, [who] said no, left.", "Helen Marsh"),
        ("Sen. Helen Marsh of Texas, [who] said no, left.", "Helen Marsh"),
        ("Helen Marsh is a lawyer [who] thinks so.", "Helen Marsh"),
        ("Helen Marsh, an aide [who] thinks so, left.", "Helen Marsh"),
        ("It is news to economists [who] think so.", "economists"),
        ("They founded Harbour Action, [which] says no.", "Harbour Action"),
        ("Helen Marsh and Owen Hale met. [They] said no.", "Helen Marsh and Owen Hale"),
        ("Three protesters met Helen Marsh. [They] said no.", "Three protesters"),
        ("How should Mexico answer? [It] has said little.", "Mexico"),
        ("[Helen Marsh and Owen Hale] said no.", "Helen Marsh and Owen Hale"),
        ("[his rivals, Sens. Helen Marsh of Ohio and Owen Hale,] said no.",
         "Helen Marsh and Owen Hale"),
        ("[Helen Marsh, head of the Quay and Ferry Consortium,] said no.", "Helen Marsh"),
        ("[Helen Marsh and Owen Hale of the University of Kent, Dover] said no.",
         "Helen Marsh and Owen Hale"),
        ("[Helen Marsh, who opposed colleague and rival Owen Hale,] said no.", "Helen Marsh"),
        ("It rained. [He] said no.", None),
        ("It rained, [I] think.", None),
    ],
)  # fmt: skip
def test_pronouns_and_several(text: str, name: str | None) -> None:
    assert last(text) == name


def test_a_speaker_goes_on() -> None:
    found = resolve(
        "Helen Marsh met Ida Brandt. [Brandt] said no. [She] said it twice. [She] said it again."
    )
    assert [speaker and speaker.name for speaker in found] == ["Ida Brandt"] * 3


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[Helen Marsh, an unusual pattern in a primary,] said no.", None),
        ("He went to unseat Rep. Helen Marsh. [Marsh] said no.", "Rep."),
        ("Former Cato Institute president Helen Marsh came. [Marsh] said no.",
         "Former Cato Institute president"),
        ("Candidates Helen Marsh and Owen Hale came. [Marsh] said no.", None),
        ("Texas Gov. Helen Marsh came. [She] said no.", "Texas Gov."),
    ],
)  # fmt: skip
def test_roles_are_sane(text: str, role: str | None) -> None:
    speaker = resolve(text)[-1]
    assert speaker is not None
    assert (speaker.name, speaker.role) == ("Helen Marsh", role)


def test_what_is_no_person() -> None:
    names = read_names(
        read_layout(
            "American Crossroads met the Kazakh delegation. WikiLeaks said it. "
            "Does Iowa care? Similar things were said, in a similar way."
        )
    )
    assert not any(mention.entity.person for mention in names.mentions)
    assert {mention.entity.name for mention in names.mentions} >= {"American Crossroads", "Iowa"}


def test_headlines_make_no_names() -> None:
    text = "Against All Odds, Marsh Vows To End The Ferry Strike Now.\n\nHelen Marsh spoke."
    names = read_names(read_layout(text))
    assert [mention.entity.name for mention in names.mentions] == ["Helen Marsh"]
    assert names.find("Marsh") is names.find("Helen Marsh")
