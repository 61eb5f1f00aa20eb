"""A made-up ledger of any size, to measure with: every name in it says that it is made up."""

from tools.bench.made_up.folder import write

__all__ = ["write"]
