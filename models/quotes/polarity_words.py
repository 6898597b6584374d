"""The words by which a statement is denied or withheld, and why each is in its table; English."""

from __future__ import annotations

from models.quotes import words
from models.quotes.lexicon import inflect
from models.quotes.words import word_set


def verb_forms(lemmas: str) -> frozenset[str]:
    """All forms of verbs; an irregular past follows a colon, as lexicon.inflect() takes it."""
    pairs = (lemma.partition(":") for lemma in lemmas.split())
    return frozenset(
        form for verb, _, past in pairs for form in inflect(verb, past or None).values()
    )


# --- what turns a cue around -----------------------------------------------------------------

NEGATIONS = word_set("not never nor neither hardly scarcely")
# "not only said", "did not just reject": the verb stands.
ONLY = word_set("only just merely simply solely")
# "hard not to notice", "hard to deny": it is so.
HARD = word_set("hard difficult impossible")
# They negate the verb after them as "not" does; twice is a yes: "never fails to".
AVOIDING = verb_forms("avoid refrain abstain")
HINDRANCES = (
    AVOIDING
    | verb_forms("fail neglect omit hesitate forget:forgot/forgotten")
    | word_set("unable failure")
)
# A refusal to speak gives no statement; a refusal to act says that the act will not be.
REFUSALS = verb_forms("refuse decline") | word_set("refusal reluctant reluctance unwilling loath")
# Negated, they refuse as well: "is not willing to".
WILLING = word_set("willing prepared ready inclined eager disposed")
# All that can turn a verb around; the last ones only in pairs: "yet to say", "short of saying".
TURNING = (
    NEGATIONS
    | HINDRANCES
    | REFUSALS
    | word_set("no longer yet short without rather instead of than")
)
# What may stand between a negation and its verb, and not change it.
BETWEEN = (words.AUXILIARIES | words.ADVERBS | WILLING) - NEGATIONS | word_set(
    "to of from by so far as any either at all it there that about able allowed trying going"
    " bring brought stop stopped stops stopping longer yet on than"
)

# --- what the source says no to --------------------------------------------------------------

# The content, whatever it is, is said not to be so.
DENIALS = verb_forms(
    "deny refute rebut:rebutted=rebutted debunk dispute disprove gainsay:gainsaid"
) | word_set("denial denials rebuttal refutation")
# With a negated denial: "could not deny", "no one denies".
GRANTING = word_set("can could one nobody few")
RULING = verb_forms("rule")  # with "out"
# Denials only of a claim: who rejects a plan or dismisses a person takes a position on a thing.
REJECTIONS = verb_forms(
    "reject dismiss repudiate contradict challenge discount disagree scoff pooh-pooh rubbish"
) | word_set("rejection dismissal dismissive")
# Those of several words, in the same way: "brushed off suggestions that".
REJECTING_PARTICLES = {
    **dict.fromkeys(
        verb_forms("brush wave shrug:shrugged=shrugged laugh"), ("off", "aside", "away")
    ),
    **dict.fromkeys(verb_forms("knock shoot:shot bat:batted=batted"), ("down", "away")),
    **dict.fromkeys(verb_forms("push hit:hit"), ("back",)),
}
CLAIM_NOUNS = word_set(
    "accusation accusations account accounts allegation allegations argument arguments assertion"
    " assertions assessment assessments assumption assumptions belief characterization"
    " characterisation charge charges claim claims concern concerns contention contentions"
    " conclusion conclusions criticism criticisms critique critiques description fear fears"
    " finding findings gossip hint hints hypothesis idea implication implications impression"
    " innuendo insinuation insinuations narrative notion notions perception possibility premise"
    " prediction predictions report reports rumor rumors rumour rumours speculation story stories"
    " suggestion suggestions talk theory theories thesis view worries worry"
)
# A judge or an office denies these: a deed, not a claim.
REQUESTS = word_set(
    "access appeal appeals application applications asylum bail bid bond citizenship clearance"
    " clemency coverage entry funding license motion motions parole permission permit permits"
    " petition petitions request requests right rights status visa visas"
)
# "denied him bail": what follows is who was kept from a thing.
KEPT_FROM = word_set("him them us me")

# --- verbs of the mind -----------------------------------------------------------------------

# Who does not think that it is so thinks that it is not; who does not want it wants it not.
OPINIONS = verb_forms(
    "think:thought believe want expect agree feel:felt view regard buy:bought accept support"
    " favor favour like love trust intend plan:planned=planned wish hope anticipate"
    " foresee:foresaw/foreseen need seem appear suppose condone back tolerate imagine aim"
    " seek:sought mean:meant fear worry presume prefer:preferred=preferred subscribe reckon"
    " consider"
) | word_set(
    "convinced persuaded confident optimistic hopeful interested fan fond likely worried expected"
    " keen supposed"
)
# "did not want to say" withholds, "did not want to leave" says no.
VOLITION = verb_forms(
    "want intend plan:planned=planned wish like prefer:preferred=preferred seek:sought need agree"
    " expect"
)
# Negated, a thought if the content says what it is seen as, else a mere not seeing.
PERCEPTIONS = verb_forms("see:saw/seen")
# "not always", "not necessarily": less than a no.
PARTLY = word_set("always necessarily entirely exactly fully quite completely")
# The source leans to no; negated ("no doubt", "never doubted") it is sure.
DOUBTS = verb_forms("doubt disbelieve") | word_set(
    "doubts doubtful dubious skeptical sceptical skepticism scepticism skeptically unconvinced"
)
# "without doubt", "left little doubt"; "called into doubt" takes a thing.
NO_DOUBT = word_set("without beyond any little into")

# --- no statement ----------------------------------------------------------------------------

# Nothing is said of the content, with or without a negation.
SILENCES = verb_forms(
    "dodge deflect evade sidestep:sidestepped=sidestepped duck demur:demurred=demurred"
    " withhold:withheld equivocate waffle"
) | word_set("silent silence mum noncommittal non-committal coy tight-lipped tightlipped")
BREAKING = verb_forms("break:broke/broken")  # "broke his silence"
# What nobody knows; with a negation, what the next table says.
UNCLEAR = word_set("unclear unsure uncertain undecided unknown unaware undetermined")
CLEAR = word_set("clear sure certain known aware decided obvious settled")
# With "if" they ask; "whether" asks after any verb.
QUESTIONS = verb_forms(
    "ask wonder question inquire enquire query quiz:quizzed=quizzed ponder debate discuss decide"
    " determine check consider see:saw/seen know:knew/known learn"
)
# Who questions a claim asks whether it is so: "questioned claims that".
CHALLENGES = verb_forms("question query")
ASKING = verb_forms("ask")

# --- what they leave as it is ----------------------------------------------------------------

# What follows is their content; a denial further on is part of it: "blamed him for denying".
STATES = verb_forms(
    "say:said tell:told add claim argue insist assert note write:wrote/written state warn tweet"
    " accuse assail criticize criticise blame mock chide fault attack slam:slammed=slammed blast"
    " condemn praise knock remark explain reply report allege announce respond answer comment"
)
# With a negation the content stands: "minced no words", "couldn't help but worry".
LITOTES = verb_forms(
    "mince mind miss ignore hide conceal disguise resist wait help stop:stopped=stopped tire"
    " stress emphasize emphasise overstate regret:regretted=regretted spare shy:shied/shied"
) | word_set(
    "amused bothered disappointed enamored enamoured fazed happy impressed pleased rattled"
    " satisfied surprised surprising thrilled wrong"
)
BACKING = verb_forms("back")  # with "away" or "down": "did not back down from"
# "nothing but praise", "nothing wrong": something was said.
SOMETHING = word_set("but else wrong short less new more")

# --- nouns after "no" ------------------------------------------------------------------------

NO_WORD = word_set(
    "answer assertion clarity clue comment consensus decision details evidence explanation"
    " explanations hint idea indication indications information knowledge mention opinion position"
    " praise proof recollection record reference response sign signs specifics statement"
)
NO_WILL = word_set(
    "appetite basis desire fan hope inclination intent intention intentions interest interests"
    " merit merits need plan plans reason substance truth wish"
)
# Those are will only before "to": "no reason to think", but "no reason was given".
REASONS = word_set("reason reasons")

# --- after "to" ------------------------------------------------------------------------------

SPEECH = word_set(
    "accuse acknowledge address admit affirm answer apologise apologize assail attack blame call"
    " clarify comment commit concede condemn confirm criticise criticize define denounce deny"
    " describe detail disavow disclose discuss elaborate endorse estimate expand explain express"
    " identify list mention name pledge promise predict publish reply repudiate respond reveal"
    " rule say share speak specify speculate state talk tell utter weigh"
)
# "to be identified", "to be drawn".
SPOKEN_OF = word_set("drawn identified interviewed named quoted specific")
# With a noun of saying they say: "to give details", "to take questions".
LIGHT_VERBS = word_set("entertain field get give go have make offer provide release take")
SAYINGS = word_set(
    "breakdown copies copy data documentation documents list answer answers assessment comment"
    " comments detail details evidence example examples explanation explanations figure guidance"
    " information interview interviews name names numbers opinion position position questions"
    " question reason reasons response side sides specifics stand statement timeline timetable"
    " views"
)

# --- sources ---------------------------------------------------------------------------------

NOBODY = word_set("nobody none neither")
# A quotation after these, negated, was not said: "never said, “…”".
SAYS = verb_forms("say:said tell:told write:wrote/written utter mention")

# --- around the content ----------------------------------------------------------------------

# Before "whether": "about whether", "as to whether".
ABOUT = word_set("about of on as to over the question")
# What is asked begins with one of these: if it is so, why it is so, to do it.
ASKED = words.QUESTION_WORDS | word_set("to that about for of")
PREPOSITIONS = word_set("about of on into to over for with")
CLAUSE_OPENINGS = words.SUBJECT_PRONOUNS | word_set("that if there")
RELATIVES = word_set("who that which what how why")
ENDS_NOUN = word_set("that of about to from for by as who which ,")
# "a dispute over" denies nothing.
QUARREL = word_set("over on about among between")

# After them the next words decide.
CONTINUES = word_set("no nothing not never")
# Before the auxiliary: "nor did she say".
INVERTING = word_set("nor neither never nowhere")

# --- which table a word is in ----------------------------------------------------------------

ROLES = {
    "denial": DENIALS,
    "rejection": REJECTIONS,
    "doubt": DOUBTS,
    "silence": SILENCES,
    "unclear": UNCLEAR,
}
NEGATED_ROLES = {"opinion": OPINIONS, "perception": PERCEPTIONS, "clear": CLEAR}
STATING_ROLES = {"question": QUESTIONS, "statement": STATES}
