"""The pipeline at a glance; freshness comes first."""

from __future__ import annotations

from deploy.grafana.board import Board, Panel, Query, per_minute, quantile, quantiles, rate

PIPELINE = Board(
    "stancewire-pipeline",
    "Stancewire: pipeline",
    {
        "Is the news fresh": (
            Panel(
                "From publication to stance",
                "What a reader waits for. New feeds raise it for hours by their old entries.",
                "s",
                quantiles("stancewire_freshness_seconds"),
            ),
            Panel(
                "From fetch to stance",
                "Our own part of it.",
                "s",
                quantiles("stancewire_end_to_end_seconds"),
            ),
            Panel(
                "Behind, in time",
                "How old what is worked on is; near zero where nothing waits.",
                "s",
                (Query("job:stancewire_lag_seconds", "{{job}}"),),
            ),
        ),
        "How much": (
            Panel(
                "Articles",
                "New and revised, as they come from the feeds.",
                "short",
                (Query(per_minute("stancewire_articles_total", "kind"), "{{kind}} / min"),),
            ),
            Panel(
                "Records consumed",
                "Committed with what came of them.",
                "short",
                (Query(rate("stancewire_records_consumed_total", "job"), "{{job}} / s"),),
            ),
            Panel(
                "Stances",
                "One a statement and target.",
                "short",
                (Query(rate("stancewire_stances_total", "label"), "{{label}} / s"),),
                stacked=True,
            ),
        ),
        "Where the time goes": (
            Panel(
                "A turn of the loop, by phase",
                "Mean time; waiting for records is `poll`.",
                "s",
                (
                    Query(
                        f"{rate('stancewire_loop_phase_seconds_sum', 'job, phase')}"
                        f" / ({rate('stancewire_loop_phase_seconds_count', 'job, phase')} > 0)",
                        "{{job}} {{phase}}",
                    ),
                ),
            ),
            Panel(
                "Records in a batch",
                "Batches shrink when the model is slow.",
                "short",
                (Query(quantile(0.5, "stancewire_batch_records", "le, job"), "{{job}}"),),
            ),
            Panel(
                "Memory",
                "Resident, the largest process of each job.",
                "bytes",
                (Query('max by (job) (process_resident_memory_bytes{job=~".+"})', "{{job}}"),),
            ),
        ),
        "What goes wrong": (
            Panel(
                "Dead letters",
                "Records put aside; the runbook says how to send them back.",
                "short",
                (
                    Query(
                        per_minute("stancewire_dead_letters_total", "reason"),
                        "{{reason}} / min",
                    ),
                ),
            ),
            Panel(
                "Transactions",
                "Those that fail are tried again.",
                "short",
                (
                    Query(
                        rate("stancewire_transactions_total", "job, outcome"),
                        "{{job}} {{outcome}} / s",
                    ),
                ),
            ),
            Panel(
                "Circuit breaker",
                "1: too many records in a row fail, so none is taken.",
                "short",
                (Query("max by (job) (stancewire_circuit_open)", "{{job}}"),),
            ),
        ),
    },
)
