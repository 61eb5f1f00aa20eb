"""What is known: the ledger of claims, and the pure functions that fold it into states on a day."""
