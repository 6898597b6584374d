"""`stancewire` with so little patience that a silent broker makes records expire undelivered."""

from __future__ import annotations

from stancewire.cli import main
from stancewire.kafka import transaction


def run() -> None:
    # Far less than a broker is silent for: `tests.chaos.faults.BROKER_AWAY_S`.
    transaction.DELIVERY_TIMEOUT_S = 2.0
    main()


if __name__ == "__main__":
    run()
