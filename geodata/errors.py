"""The errors this package raises, each a builtin's subclass that says what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with the data, where it stands, and what would be right.

    `line` counts from 1 as an editor does; 0 means the file as a whole. `column` is a column name or empty.
    """

    file: str
    line: int
    column: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line of text, with an over-long value cut."""
        value = self.value if len(self.value) <= 80 else self.value[:77] + "..."  # noqa: PLR2004
        where = f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")
        return f"{where}: {self.problem}; found {value!r}; {self.remedy}"


class LedgerError(ValueError):
    """The data folder cannot be used; `problems` is the complete list."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep every problem, and word the count."""
        self.problems = problems
        noun = "problem" if len(problems) == 1 else "problems"
        super().__init__(f"{len(problems)} {noun} in the data:\n" + "\n".join(map(str, problems)))


class QuestionError(ValueError):
    """A question to the ledger names something it does not have; the message says what would be right."""
