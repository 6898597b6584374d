"""Words that names are made of, stand beside, or are not made of; all in lower case."""

from __future__ import annotations

from models.quotes import words
from models.quotes.tokens import TITLES
from models.quotes.words import word_set

MALE_TITLES = word_set("mr sir lord king prince")
FEMALE_TITLES = word_set("mrs ms miss lady dame queen princess madame baroness")
COURTESY = MALE_TITLES | FEMALE_TITLES | {"dr", "messrs", "mx"}

# Words that say what somebody is, before or after the name.
OFFICES = word_set(
    "president vice-president senator governor congressman congresswoman representative"
    " mayor secretary chancellor minister premier king queen prince princess pope cardinal"
    " archbishop bishop general admiral colonel captain major lieutenant sergeant judge"
    " justice professor ambassador speaker leader chairman chairwoman chair director chief"
    " spokesman spokeswoman spokesperson commissioner sheriff attorney counsel candidate"
    " nominee frontrunner front-runner host anchor columnist editor reporter correspondent"
    " strategist pollster manager adviser advisor analyst economist author founder co-founder"
    " nurse teacher farmer fisherman pastor student resident historian scientist researcher"
    " physicist biologist journalist writer novelist poet artist musician engineer architect"
    " pilot trader investor banker shopkeeper officer detective inspector councillor"
    " councilman councilwoman alderman lawmaker firefighter paramedic surgeon psychologist"
    " sociologist epidemiologist virologist campaigner organiser organizer veteran trustee"
    " coach actor actress singer comedian billionaire businessman businesswoman mogul activist"
    " lawyer superintendent agent rabbi father sister brother imam reverend deputy head boss"
    " coordinator lt cmdr first ex-president then-president baroness sir dame ceo cfo coo"
    " executive chairperson delegate assemblyman assemblywoman solicitor treasurer prosecutor"
    " contender rival consultant hopeful insider mother husband wife son daughter widow critic"
    " filmmaker producer photographer star democrat republican libertarian independent whip"
    " challenger incumbent moderator surrogate co-host ex-wife ex-husband"
)
# Before a full name at the beginning of a sentence they say what somebody does; many are last
# names, too, so without one they tell nothing.
OCCUPATIONS = word_set(
    "accountant actuary astronaut astronomer baker barber barista bartender blogger boxer builder"
    " butcher caretaker carpenter chef choreographer cleaner climber conductor contractor courier"
    " curator dancer defender designer developer diplomat drummer electrician entrepreneur"
    " footballer gardener geographer golfer grocer illustrator instructor jeweller jockey landlord"
    " librarian lifeguard locksmith magician mathematician mechanic midfielder midwife miner monk"
    " mountaineer nun paediatrician painter pediatrician pensioner performer philosopher plumber"
    " postman potter priest programmer publisher rancher ranger rapper restaurateur retiree roofer"
    " sailor salesman sculptor shepherd skipper soldier sprinter statistician striker swimmer"
    " tailor tenant theologian translator trucker undertaker vet veterinarian vicar volunteer"
    " waiter waitress weaver welder winger witness"
)
OCCUPATION_ENDINGS = ("ist", "keeper", "maker", "worker", "writer", "player", "owner")
# They end like them and begin the names of organisations.
DENOMINATIONS = word_set("baptist methodist adventist communist socialist")
# They stand before an office: "former British", "Democratic".
QUALIFIERS = word_set(
    "former american british french german russian democratic presumptive current longtime"
    " ukrainian israeli chinese mexican canadian european turkish iranian iraqi syrian estonian"
    " polish italian spanish japanese indian retired"
)
TITLE_WORDS = TITLES | COURTESY | OFFICES | QUALIFIERS

CONNECTORS = word_set("de la del der den van von bin ibn al el da di du dos")

# Small words within names of organisations and offices.
JOINTS = word_set("of for on to the")

ORGANISATION_WORDS = word_set(
    "party committee university college post times journal department ministry inc corp"
    " company council court house senate congress union association institute foundation"
    " agency bureau bank group network press news campaign commission board center centre"
    " organization organisation coalition league federation office administration"
    " government parliament army navy police force guard service services daily herald"
    " tribune gazette magazine school church society trust fund international national pac"
    " project authority club report study poll survey act constitution state states"
    " supreme courts appeals action alliance forum review today television radio media"
    " partners capital holdings industries energy systems airlines motors hospital"
    " initiative partnership convention conference caucus legislature assembly task team"
    " inquirer globe examiner chronicle register observer guardian telegraph monitor"
    " consulting research analytics group's enterprises street avenue road tower hall"
    " airport hotel park stadium theater theatre museum library county city district"
    " amendment war protection affairs security treaty pact agreement plan deal bill law"
    " award prize bowl day"
)

# What people are rather than what they are called.
KINDS = word_set(
    "republican republicans democrat democrats democratic american americans gop russian russians"
    " ukrainian ukrainians european europeans muslim muslims christian christians jewish catholic"
    " latino latinos hispanic hispanics black white conservative conservatives liberal liberals"
    " asked top other former then one two three all last next pm british french german chinese"
)

NOT_NAMES = (
    words.DETERMINERS
    | words.SUBJECT_PRONOUNS
    | words.CONJUNCTIONS
    | word_set(
        "monday tuesday wednesday thursday friday saturday sunday january february march"
        " april june july august september october november december also another here there"
        " now however meanwhile maybe perhaps only even just yet still both each later"
        " earlier according republicans democrats americans me him them us yes"
        " no not well late early one dozens hundreds thousands millions"
    )
    | words.PREPOSITIONS
)
# Given names that are months too.
MONTH_NAMES = word_set("april june august")
# Titles that without their period may be a name: "Defence Minister Gen Nakatani".
BARE_NAMES = word_set("gen maj col pat gov rep sen fr")
MALE_ROLES = word_set("actor father brother husband son pope cardinal archbishop rabbi imam")
FEMALE_ROLES = word_set("actress mother sister wife daughter widow nun")
