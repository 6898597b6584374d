"""Closed classes of English words that the rules look at; all in lower case."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


SUBJECT_PRONOUNS = word_set("he she they it we i you who")
DETERMINERS = word_set(
    "the a an this that these those his her its their our my your some many most several"
    " all both each every another any no two three four five six seven eight nine ten few"
    " other"
)
POSSESSIVES = word_set("his her its their our my your")
CLAUSE_STARTERS = (
    SUBJECT_PRONOUNS
    | DETERMINERS
    | word_set(
        "there if when while what as because although despite since not nothing everyone"
        " nobody anyone people someone everything now today in on at by with for from under"
        " after before even only just women men voters more"
    )
)
PREPOSITIONS = word_set(
    "of for from at in with on to by about against over under during after before through"
    " via into outside inside near within without amid among between following despite"
    " since until around upon across"
    " out up off alongside behind beyond toward towards throughout as like than along beside"
    " aboard beneath above below onto besides except"
    " per"
)
LINKING_PREPOSITIONS = word_set("of for from at in with on to against")
RELATIVES = word_set("who which that")
CONJUNCTIONS = word_set(
    "and but or nor because while as when after before if although though since until"
    " that which who whom whose whether where than so what how why whereas once unless yet"
    " then"
)
SUBORDINATORS = word_set(
    "when after as if while asked although because before since once despite though in on"
    " at during for with by from amid following speaking responding until unless whether"
    " to"
)
AUXILIARIES = word_set(
    "is are was were be been being am has have had having do does did will would can"
    " could may might must shall should 's 'd 'll 've 're 'm won't wouldn't can't cannot"
    " couldn't didn't doesn't don't isn't aren't wasn't weren't hasn't haven't hadn't"
    " shouldn't mustn't"
)
BE = word_set("is are was were be been being am 're 'm isn't aren't wasn't weren't")
HAVE = word_set("has have had having 've 's 'd hasn't haven't hadn't")
BEFORE_BASE = word_set(
    "will would can could may might must shall should do does did 'd 'll won't wouldn't"
    " can't cannot couldn't didn't doesn't don't shouldn't to"
)
ADVERBS = word_set(
    "also then later not never long once even still again just now often always soon"
    " first ever further too already instead since yet almost all both simply rather thus"
    " therefore himself herself themselves itself"
)
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
TIME_WORDS = DAYS | word_set(
    "today yesterday tonight tomorrow afterward afterwards earlier later recently"
    " overnight morning afternoon evening night week month year"
)
# They end an opening phrase ("In a statement Smith said"), they do not qualify the name after it.
OCCASIONS = TIME_WORDS | word_set(
    "statement interview speech email e-mail letter tweet post interviews statements"
    " tweets conference briefing hearing debate rally address article report message call"
)
DASHES = frozenset(("—", "–", "―", "-", "--"))
LEADERS = word_set("and but so yet still then also")
QUESTION_WORDS = word_set("whether if how why what who where when which")
COMMON_VERBS = word_set(
    "made took came went got gave ran won lost held kept let put set led met left sent"
    " told said thought felt found knew became began broke brought built bought fell grew"
    " heard meant paid saw sold spent stood taught understood wrote makes takes comes goes"
    " gets gives runs wins needs wants says thinks knows looks seems feels believes works"
    " plays helps shows remains means think know want need believe say make take get go"
    " come give look seem feel"
)
ROLE_NOUNS = word_set(
    "president chairman chairwoman chair chief director professor senator governor mayor"
    " spokesman spokeswoman spokesperson leader minister secretary editor author founder"
    " co-founder head manager adviser advisor attorney lawyer analyst economist strategist"
    " pollster executive ambassador deputy vice senior assistant associate dean judge"
    " general officer member candidate commissioner superintendent organizer activist"
    " coordinator consultant"
)


def is_role(word: str) -> bool:
    """Whether a noun, in lower case, says what a person is."""
    return word in ROLE_NOUNS or word.endswith(
        ("er", "or", "ist", "man", "woman", "ian", "ant", "official", "host", "chief")
    )
