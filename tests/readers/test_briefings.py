"""Programs of others open briefings: LibreOffice the slides, Poppler the pages, FFmpeg the films."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from components.view_state import ViewState
from exports import briefing, film, forms, picture, typesetting
from exports.options import LAYOUTS, Options
from exports.palette import palette
from tests.exports.views import NOW, ledger, show

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.readers

DAY = "2026-01-18"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def plain(text: str) -> str:
    """Return letters and digits alone: where lines break, and how a program joins letters, is its own affair."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if sign.isalnum())


def as_poppler_reads(arabic: str) -> str:
    """Return Arabic as Poppler gives it back: it turns the two letters of the ligature lam-alef round (poppler 22.12)."""
    return re.sub("\u0644([\u0622\u0623\u0625\u0627])", "\\1\u0644", plain(arabic))


def told(**options: Any) -> briefing.Briefing:
    return briefing.compose(show(DAY), Options(**options))


def written(folder: Path, form: str, **options: Any) -> Path:
    path = folder / f"briefing.{form}"
    asked = forms.Request(ledger(), ViewState(show(DAY).state.as_of), NOW, Options(**options))
    path.write_bytes(forms.make(form, asked))
    return path


def said(made: briefing.Briefing) -> list[str]:
    """Return what has to be readable whatever opens the file; of tables, whose cells break lines, the words are looked for."""
    found = [made.headline, made.subtitle, made.date_time_group, made.footnote, *made.caveats]
    found += [item.label for item in made.legend] + [phase.verdict for phase in made.phases]
    found += [quotation.text for quotation in made.quotations] + [
        quotation.by for quotation in made.quotations
    ]
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_libreoffice_opens_the_slides_and_poppler_reads_its_pages(layout: str, tmp_path: Path) -> None:
    path = written(tmp_path, "pptx", layout=LAYOUTS[layout], marking="TLP:AMBER")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path))
    text = plain(run("pdftotext", "-layout", str(tmp_path / "briefing.pdf"), "-"))
    made = told(layout=LAYOUTS[layout], marking="TLP:AMBER")
    columns = plain(run("pdftotext", str(tmp_path / "briefing.pdf"), "-"))
    for words in said(made):
        assert plain(words) in text or plain(words) in columns, words
    for source in made.sources:  # in the cells of a table, whose lines lie between each other
        assert all(plain(word) in text for word in re.findall(r"\w+", source.publisher)), source.publisher
    assert text.count("TLPAMBER") >= 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_poppler_reads_the_page_and_its_arabic_in_order(layout: str, tmp_path: Path) -> None:
    path = written(tmp_path, "pdf", layout=LAYOUTS[layout])
    made = told(layout=LAYOUTS[layout])
    text = plain(run("pdftotext", str(path), "-"))
    by_line = plain(run("pdftotext", "-raw", str(path), "-"))
    for words in said(made):
        assert plain(words) in text or plain(words) in by_line, words
    assert all(plain(source.publisher) in by_line for source in made.sources)
    arabic = [quotation.original for quotation in made.quotations if quotation.original]
    assert arabic
    for words in arabic:
        assert as_poppler_reads(words) in text
    about = run("pdfinfo", str(path))
    assert "Tagged:          yes" in about
    assert f"Title:           {made.headline}" in about
    fonts = run("pdffonts", str(path)).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), fonts


@pytest.mark.parametrize("theme", ["light", "dark", "grey"])
def test_poppler_draws_every_mark_in_its_colour_at_its_place(theme: str, tmp_path: Path) -> None:
    made = told(theme=theme)
    path = written(tmp_path, "pdf", theme=theme)
    run("pdftoppm", "-png", "-r", "144", "-f", "1", "-l", "1", str(path), str(tmp_path / "page"))
    image = Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")
    left, top, width, height = typesetting.PICTURES[made.options.layout.name]
    spots = picture.draw(made, width, height).spots
    solid = [mark for mark in made.marks if not mark.weak and not mark.stale and mark.site in spots and mark.category.value not in ("not-sourced", "changing-hands")]  # fmt: skip
    assert solid
    for mark in solid:
        x, y = spots[mark.site]
        found: Any = image.getpixel((round(2 * (left + x)), round(2 * (top + y))))
        wanted = bytes.fromhex(palette(theme).category[mark.category][1:])
        assert all(abs(one - other) <= 2 for one, other in zip(found, wanted, strict=True)), mark.site


@pytest.mark.parametrize(("form", "codec"), [("mp4", "h264"), ("webm", "vp9"), ("gif", "gif")])
def test_ffprobe_reads_the_film(form: str, codec: str, tmp_path: Path) -> None:
    params = {film.FROM: ["2020-03-01"], film.UNTIL: ["2020-04-10"], "as_of": ["2020-04-10"]}
    asked = forms.read(params, ledger(), NOW)
    path = tmp_path / f"film.{form}"
    path.write_bytes(forms.make(form, asked))
    found = json.loads(
        run("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path))
    )
    (stream,) = found["streams"]
    assert (stream["codec_name"], stream["width"], stream["height"]) == (codec, 1280, 720)
    days = list(film.days(asked.ledger, asked.state, asked.film, NOW))
    assert len(days) > 3
    assert float(found["format"]["duration"]) >= 1.2 * len(days)


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_is_what_it_says(form: str, tmp_path: Path) -> None:
    path = written(tmp_path, form)
    if form == "png":
        found = json.loads(run("ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)))[
            "streams"
        ][0]
        assert (found["codec_name"], found["width"], found["height"]) == ("png", 1920, 1080)
    else:
        assert path.read_bytes().startswith(b"<svg")
