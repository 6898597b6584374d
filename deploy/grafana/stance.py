"""Who stands where, and how sure the model is."""

from __future__ import annotations

from deploy.grafana.board import Board, Panel, Query

STANCE = Board(
    "stancewire-stance",
    "Stancewire: stance",
    {
        "For and against": (
            Panel(
                "Share of each stance",
                "Over an hour, all targets.",
                "percentunit",
                (
                    Query(
                        "sum by (label) (increase(stancewire_stances_total[1h]))"
                        " / on () group_left () (sum(increase(stancewire_stances_total[1h])) > 0)",
                        "{{label}}",
                    ),
                ),
                stacked=True,
            ),
        ),
        "By target": tuple(
            Panel(
                f"{title}, by target",
                f"Share of a target's statements of an hour that are {label}.",
                "percentunit",
                (
                    Query(
                        "sum by (target) (increase("
                        f'stancewire_target_stances_total{{label="{label}"}}[1h]))'
                        " / (sum by (target) (increase(stancewire_target_stances_total[1h])) > 0)",
                        "{{target}}",
                    ),
                ),
            )
            for title, label in (("Favor", "favor"), ("Against", "against"), ("Neutral", "neutral"))
        ),
        "How sure": (
            Panel(
                "Mean score",
                "Of the label that was chosen; the week's mean beside it shows a drift.",
                "percentunit",
                (
                    Query("stancewire_stance_score:mean1h", "this hour"),
                    Query("avg_over_time(stancewire_stance_score:mean1h[7d])", "this week"),
                ),
            ),
            Panel(
                "Abstentions",
                "Share of stances under the threshold that was set.",
                "percentunit",
                (
                    Query(
                        "sum(increase(stancewire_stances_abstained_total[1h]))"
                        " / (sum(increase(stancewire_stances_total[1h])) > 0)",
                        "abstained",
                    ),
                ),
            ),
        ),
    },
)
