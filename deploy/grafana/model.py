"""Which model is at work, and how fast it is."""

from __future__ import annotations

from deploy.grafana.board import WINDOW, Board, Panel, Query, quantile

MODEL_PHASE = '{phase="model"}'
IN_MODEL = f"rate(stancewire_loop_phase_seconds_sum{MODEL_PHASE}[{WINDOW}])"


def share(counter: str) -> str:
    """Of the stances."""
    return f"sum(rate({counter}[{WINDOW}])) / (sum(rate(stancewire_stances_total[{WINDOW}])) > 0)"


MODEL = Board(
    "stancewire-model",
    "Stancewire: model",
    {
        "At work": (
            Panel(
                "Revision",
                "A replaced model begins a line of its own.",
                "short",
                (
                    Query(
                        "count by (job, name, revision) (stancewire_model_info)",
                        "{{job}}: {{name}} {{revision}}",
                    ),
                ),
            ),
            Panel(
                "Version",
                "Of the program, by job.",
                "short",
                (Query("count by (job, version) (stancewire_build_info)", "{{job}} {{version}}"),),
            ),
        ),
        "Speed": (
            Panel(
                "Time of a batch",
                "In the model alone.",
                "s",
                (
                    Query(
                        quantile(0.5, "stancewire_loop_phase_seconds", "le, job", MODEL_PHASE),
                        "{{job}} p50",
                    ),
                ),
            ),
            Panel(
                "Pairs a second while it works",
                "Stances by the time that the model took for them.",
                "short",
                (
                    Query(
                        f"sum(rate(stancewire_stances_total[{WINDOW}])) / (sum({IN_MODEL}"
                        " and on (job, instance) stancewire_stances_abstained_total) > 0)",
                        "pairs / s",
                    ),
                ),
            ),
            Panel(
                "Pairs that the classifier need not see",
                "Of all: repeated statements, and pairs on different subjects by the gate.",
                "percentunit",
                (
                    Query(share("stancewire_stances_remembered_total"), "repeated"),
                    Query(share("stancewire_stances_off_topic_total"), "other subject"),
                ),
            ),
            Panel(
                "Busy",
                "Share of the time that is spent in the model.",
                "percentunit",
                (Query(f"avg by (job) ({IN_MODEL})", "{{job}}"),),
            ),
        ),
        "Scores": (
            Panel(
                "Score by label",
                "Median of the chosen label's.",
                "percentunit",
                (Query(quantile(0.5, "stancewire_stance_score", "le, label"), "{{label}}"),),
            ),
        ),
    },
)
