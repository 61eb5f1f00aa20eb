"""Measures the dashboard beside its peers: `python -m tools.bench`; docs/measurements.md says how."""
