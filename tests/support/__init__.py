"""Real servers and generated input for the tests."""
