"""What the speed benchmarks give to the workers."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence

import pytest

from benchmarks.speed.agreement import drawn
from benchmarks.speed.agreement import report as differences
from benchmarks.speed.asked import Asked, first_pairs, grouped, watched
from benchmarks.speed.contestants import networks
from benchmarks.speed.end_to_end import stance_options
from benchmarks.speed.latency import arrivals
from benchmarks.speed.records import article_of, messages, quote_of
from benchmarks.speed.texts import Part, exact, picked, pieces
from benchmarks.speed.variants import AS_SHIPPED, EVERY_PAIR, OPTIONS, settings
from benchmarks.speed.workers import Plan, arguments, plans, reading
from consumers.classifying import ClassifierSettings
from consumers.targets import Watched, pair_of
from models.quotes import Document, Statement
from models.stance import Pair, load_classifier
from models.stance.datasets import Example
from models.stance.load import LARGE, SIZES, SMALL
from stancewire.cli.pipeline import consume_stances
from stancewire.kafka.messages import decode
from stancewire.records import Article, ModelInfo, Quote, Scores
from stancewire.settings import KafkaSettings
from stancewire.watchlist import Watchlist

KAFKA = KafkaSettings("127.0.0.1:1")


def part(text: str, statements: int) -> Part:
    return Part(text, len(text.split()), statements)


def words(count: int, word: str = "word") -> str:
    return " ".join([word] * count)


def test_texts_are_paragraphs_joined_to_a_length_each_once() -> None:
    parts = [part(words(n, f"w{n}"), 0) for n in (4, 3, 9, 5, 8, 2)]
    made = list(pieces(parts, words=range(8, 12), statements=0))
    # Nine words after seven are too many, so they wait; five and eight make no text at the end.
    assert made == ["\n\n".join(words(n, f"w{n}") for n in its) for its in ((4, 3, 2), (9,))]


def test_paragraphs_with_too_much_said_wait() -> None:
    parts = [part("a b", 5), part("c d", 1), part("e f", 1), part("g h", 0), part("i j", 1)]
    assert list(pieces(parts, words=range(4, 6), statements=2.0)) == ["c d\n\ne f", "g h\n\ni j"]


def test_a_text_is_cut_to_the_word() -> None:
    assert list(exact(["a b c", "d", "e f g h i"], 4)) == ["a b c\n\nd", "e f g h"]


class Counted:
    """Finds as many statements as a text has exclamation marks."""

    info = ModelInfo(name="counted", revision="1")

    def extract(self, documents: Sequence[Document]) -> list[list[Statement]]:
        one = Statement("direct", ((0, 1),), None, None, None, 1.0)
        return [[one] * document.text.count("!") for document in documents]


def test_texts_are_picked_by_what_the_extractor_finds_and_each_once() -> None:
    texts = ["!", "!!", "a!!", "!!", "!!!"] * 20
    assert list(picked(texts, Counted(), range(2, 3))) == ["!!", "a!!"]


def test_records_survive_their_topics() -> None:
    article = article_of("Text.", 3)
    pair = Pair("We will.", "the dam", "Ann Lee", "She said so.", "denied")
    quote = quote_of(pair, 3, ["the dam", "a toll"])
    for record, kind in ((article, Article), (quote, Quote)):
        [message] = messages([record], "t")
        assert decode(kind, message.value, message.headers) == record
    assert article.id == quote.article_id != article_of("Text.", 4).id


def test_a_quote_is_asked_towards_its_labelled_targets() -> None:
    same = [Pair("We will.", target, "Ann") for target in ("the dam", "The  dam", "a toll")]
    other = Pair("Never.", "a toll")
    asked = grouped([Example(pair, "favor", "newsquotes") for pair in (*same, other)])
    assert [each.pairs for each in asked] == [[same[0], same[2]], [other]]
    quotes = [quote_of(each.pair, n, each.targets) for n, each in enumerate(asked)]
    targets = Watched(Watchlist((), entities=True)).by(quotes)
    judged = [
        [pair_of(quote, target.name) for target in its]
        for quote, its in zip(quotes, targets, strict=True)
    ]
    assert judged == [each.pairs for each in asked]


def test_pairs_are_taken_with_all_of_a_quote() -> None:
    asked = [Asked(Pair(str(n), ""), ("a", "b", "c")) for n in range(4)]
    assert first_pairs(asked, 4) == asked[:2]
    assert first_pairs(asked, 99) == asked


def test_pairs_for_the_agreement_begin_with_the_labelled() -> None:
    asked = [Asked(Pair(str(n), ""), (f"t{n}", "all")) for n in range(3)]
    labelled = [pair for each in asked for pair in each.pairs]
    pairs = drawn(asked, 11, random.Random(0))
    assert pairs[:6] == labelled
    assert len(set(pairs)) == 11
    assert len(drawn(asked, 99, random.Random(0))) == 3 * 4


def test_differences_are_counted_and_shown() -> None:
    pairs = [Pair("We will.", "the dam"), Pair("Never.", "a toll")]
    favor, neutral = (
        Scores(favor=0.75, against=0, neutral=0.25),
        Scores(favor=0, against=0, neutral=1),
    )
    text = differences(pairs, [favor, neutral], [[neutral, neutral], [favor, neutral]])
    assert "| labels alike, pass 1 | 50.00% of 2 |" in text
    assert "| scores equal, pass 2 | 100.00% |" in text
    assert text.endswith("- favor (0.75), now neutral: the dam | We will.")


def test_a_pinned_worker_has_one_thread_and_a_core_in_turn() -> None:
    cores = sorted(os.sched_getaffinity(0))
    pinned = plans("stances", 3, ("--model", "fast"), pin=True, first=1)
    assert [plan.core for plan in pinned] == [cores[n % len(cores)] for n in (1, 2, 3)]
    line = arguments(pinned[0], KAFKA, "r", "g")
    assert " ".join(line) == (
        "consume stances --bootstrap-servers 127.0.0.1:1 --replica r --log-level warning"
        " --group g --threads 1 --model fast"
    )


def test_a_worker_that_is_not_pinned_takes_what_it_would() -> None:
    [plan] = plans("quotes", 1, (), pin=False)
    assert plan == Plan("quotes")
    assert "--threads" not in arguments(plan, KAFKA, "r", None)


@pytest.mark.parametrize("variant", OPTIONS)
def test_the_worker_and_this_process_do_the_same(variant: str) -> None:
    given = stance_options("fast", variant)
    context = consume_stances.make_context("stances", list(given))
    taken = ClassifierSettings(
        context.params["model"],
        threads=None,
        prior=context.params["prior"],
        off_topic_below=context.params["off_topic_below"],
        remember=context.params["remember"],
    )
    assert settings(variant, "fast") == taken
    assert (taken.remember == 0) == (variant == EVERY_PAIR)
    assert AS_SHIPPED in OPTIONS


def test_a_metric_without_labels_is_read() -> None:
    text = '# TYPE a counter\na_total 12.0\na_total{x="1"} 5.0\nb 1.5e+09\n'
    assert reading(text, "a_total") == 12
    assert reading(text, "b") == 1.5e9
    assert reading(text, "c") == 0


def test_articles_come_at_random_and_at_their_rate() -> None:
    due = arrivals(2.0, 4000, random.Random(0))
    assert due == sorted(due)
    assert due[-1] == pytest.approx(2000, rel=0.1)


def test_each_quote_is_asked_towards_the_whole_list() -> None:
    asked = [Asked(Pair(f"q{n}", ""), (f"t{n}",)) for n in range(3)]
    assert [(each.pair.quote, each.targets) for each in watched(asked, ("a", "b"))] == [
        (f"q{n}", ("a", "b")) for n in range(3)
    ]


def test_the_bare_networks_of_a_cascade_read_what_it_reads() -> None:
    pairs = [
        Pair("Build this dam now, we have waited forty years.", "the dam", "Ana Ruiz"),
        Pair("The council meets on Tuesday at nine.", "the dam", "a clerk"),
        Pair("It is what it is.", "the dam", "a fisherman"),
    ]
    read = {size: networks(pairs, size, threads=1) for size in SIZES}
    assert [(one.directory, len(one.pairs)) for one in read["accurate"]] == [(SMALL, 3), (LARGE, 3)]
    assert [(one.directory, len(one.pairs)) for one in read["small"]] == [(SMALL, 3)]
    answers = load_classifier(SMALL).classify(pairs)
    unsure = [p for p, s in zip(pairs, answers, strict=True) if s.best < SIZES["fast"]]
    assert [list(one.pairs) for one in read["fast"]] == [pairs, unsure]
    [other] = networks(pairs, str(LARGE), threads=1)
    assert other.directory == LARGE
