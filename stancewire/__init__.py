"""What every Stancewire process shares: records, settings, the Kafka loop, metrics, commands."""

__version__ = "0.1.0"
