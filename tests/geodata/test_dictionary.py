"""The data dictionary lags behind nothing."""

from __future__ import annotations

from geodata import dictionary
from geodata.model import FILES, Basis, Coalition, Controller, Grade, Kind, Region
from tests.geodata.conftest import ROOT


def test_the_page_is_what_the_models_say() -> None:
    page = (ROOT / "docs" / "data-dictionary.md").read_text("utf-8")
    assert page == dictionary.markdown(), "run: python -m geodata dictionary > docs/data-dictionary.md"


def test_every_column_of_every_file_has_one_line_with_a_meaning() -> None:
    sections = dict(part.split("\n", 1) for part in dictionary.markdown().split("\n## ")[1:])
    assert set(sections) == {f"{name}.csv" for name in FILES}
    for name, model in FILES.items():
        lines = [line for line in sections[f"{name}.csv"].splitlines() if line.startswith("| `")]
        assert [line.split("`")[1] for line in lines] == list(model.model_fields)
        assert all(len(line.split("|")[2].strip()) > 4 for line in lines)


def test_every_word_a_column_admits_is_listed() -> None:
    page = dictionary.markdown()
    for words in (Basis, Coalition, Controller, Grade, Kind, Region):
        given = [word for word in words if word != Basis.CONFIRMED]  # which no row has: it is computed
        assert f" One of: {', '.join(f'`{word}`' for word in given)}. |" in page
