"""The stance of a speaker towards a target, as expressed in a statement."""

from models.stance.load import load_classifier
from models.stance.pair import Pair, StanceClassifier

__all__ = ["Pair", "StanceClassifier", "load_classifier"]
