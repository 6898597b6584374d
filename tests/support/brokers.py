"""Which broker a test needs."""

import pytest

# The embedded broker bounds no record's size, takes offsets of members that have left, and shows
# the open transaction of a killed process once its successor commits.
apache_only = pytest.mark.parametrize("kafka", ["apache"], indirect=True)
