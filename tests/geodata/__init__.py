"""The tests of the ledger, the check, the fold and the command line."""
