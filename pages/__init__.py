"""One screen each: `parts(view)` returns its parts from top to bottom, by name."""
