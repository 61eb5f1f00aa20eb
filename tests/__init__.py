"""The tests: data, fold, view, architecture, and what only a browser shows."""
