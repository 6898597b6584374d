"""The stance of a speaker towards a target, as expressed in a statement."""
