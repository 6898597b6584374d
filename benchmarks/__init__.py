"""Commands that measure speed and print a table; ratios hold within one run."""
