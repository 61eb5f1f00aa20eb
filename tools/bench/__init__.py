"""Measures the dashboard beside a map that is rebuilt on each change: `python -m tools.bench`."""
