"""How the feeds fare."""

from __future__ import annotations

from deploy.grafana.board import WINDOW, Board, Panel, Query, per_minute

FEEDS = Board(
    "stancewire-feeds",
    "Stancewire: feeds",
    {
        "The list": (
            Panel(
                "Feeds",
                "Polled, failing, told by a hub, gone for good.",
                "short",
                tuple(
                    Query(f"sum(stancewire_feeds{ending})", name)
                    for ending, name in (
                        ("", "polled"),
                        ("_failing", "failing"),
                        ("_subscribed", "told by a hub"),
                        ("_retired", "gone"),
                    )
                ),
            ),
            Panel(
                "Overdue",
                "For how long the feed is due that waits longest.",
                "s",
                (
                    Query(
                        "time() - min(stancewire_caught_up_timestamp_seconds"
                        " and on (job, instance) stancewire_feeds)",
                        "overdue",
                    ),
                ),
            ),
        ),
        "Polls": (
            Panel(
                "Polls by outcome",
                "Most should find nothing new, and cost next to nothing.",
                "short",
                (
                    Query(
                        per_minute("stancewire_feed_polls_total", "outcome"),
                        "{{outcome}} / min",
                    ),
                ),
                stacked=True,
            ),
            Panel(
                "Failures by reason",
                "Each reason's cause is in the runbook.",
                "short",
                (
                    Query(
                        per_minute("stancewire_feed_failures_total", "reason"),
                        "{{reason}} / min",
                    ),
                ),
            ),
            Panel(
                "Pushes",
                "Calls of hubs: taken, or why not.",
                "short",
                (
                    Query(
                        per_minute("stancewire_feed_pushes_total", "outcome"),
                        "{{outcome}} / min",
                    ),
                ),
            ),
        ),
        "Articles": (
            Panel(
                "Articles",
                "New, and edits of older ones.",
                "short",
                (Query(per_minute("stancewire_articles_total", "kind"), "{{kind}} / min"),),
            ),
            Panel(
                "Syndicated copies",
                "Articles that name another as their original.",
                "short",
                (
                    Query(
                        f"60 * sum(rate(stancewire_article_copies_total[{WINDOW}]))", "copies / min"
                    ),
                ),
            ),
            Panel(
                "Not published as it stands",
                "Entries without text, pages not allowed or not had.",
                "short",
                (Query(per_minute("stancewire_entries_skipped_total", "kind"), "{{kind}} / min"),),
            ),
        ),
    },
)
