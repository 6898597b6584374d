"""The few targets of a long watchlist that a quote can speak to."""

from models.stance.gate.encoder import Encoder
from models.stance.gate.gate import Gate

__all__ = ["Encoder", "Gate"]
