"""Citations of one item of the ledger and of a view, as plain text, BibTeX and RIS.

What is not recorded is left out, never filled in: no publisher becomes an author, no year becomes a day. Quotations
are verbatim, with the language they are in.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from components import wording
from components.view import View
from components.view_state import echo
from exports.names import SUBTITLE, TITLE, question
from geodata import dates
from geodata.dates import Possible
from geodata.errors import QuestionError
from geodata.model import Ledger, Source

DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
"""A date known to the year, the month or the day; anything else is an interval."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LATEX = str.maketrans(
    {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
     "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)  # fmt: skip
OWN_VOICE = "press"
"""Who asserts a claim where the source speaks in its own voice."""
IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says; what is None or empty is not recorded."""

    key: str
    title: str
    kind: str = "page"  # page, article, statement or data
    author: str = ""  # only who is named as having said or made it
    publisher: str = ""
    published: Possible | None = None
    url: str = ""
    language: str = ""
    quotation: str = ""
    quotation_language: str = ""
    said_by: str = ""
    version: str = ""
    notes: tuple[str, ...] = ()
    accessed: dt.date | None = None

    def plain(self) -> str:
        """Return the citation as one line of text."""
        parts = (
            self._quoted(), self.author, f"“{self.title}”" if self.kind in ("page", "article") and self.title else self.title,
            self.publisher, dates.words(self.published) if self.published else "", *self.notes,
            self.version and f"Data version {self.version}",
            f"Accessed {wording.day_words(self.accessed)}" if self.accessed else "",
        )  # fmt: skip
        return " ".join(
            [*(_line(part).rstrip(".") + "." for part in parts if part), *([self.url] if self.url else [])]
        )

    def _quoted(self) -> str:
        said = f", said by {self.said_by}" if self.said_by else ""
        return f"“{self.quotation}”{self._tongue()}{said}" if self.quotation else ""

    def _tongue(self) -> str:
        return f" [{self.quotation_language}]" if self.quotation_language else ""

    def _note(self) -> str:
        return ". ".join(part for part in (self._quoted(), *self.notes) if part)

    def bibtex(self) -> str:
        """Return the citation as one BibTeX entry; `date` (biblatex) only where year and month cannot say it."""
        fields: list[tuple[str, str]] = [
            ("author", self.author and "{" + escape(self.author) + "}"),
            ("title", self.title and "{" + escape(self.title) + "}"),
            ("howpublished", escape(self.publisher)),
        ]
        match = DAY.fullmatch(self.published.text) if self.published else None
        if self.published and not match:
            fields.append(("date", self.published.text))
        year, month, day = match.groups() if match else ("", "", "")
        fields.append(("year", year))
        lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
        if month:
            lines.append(f"  month = {MONTHS[int(month) - 1]}")
        rest = (
            ("day", str(int(day)) if day else ""), ("version", escape(self.version)),
            ("url", self.url.translate(IN_ADDRESS)), ("urldate", self.accessed.isoformat() if self.accessed else ""),
            ("language", self.language), ("note", escape(self._note())),
        )  # fmt: skip
        lines += [f"  {name} = {{{value}}}" for name, value in rest if value]
        return f"@misc{{{self.key},\n" + ",\n".join(lines) + "\n}\n"

    def ris(self) -> str:
        """Return the citation as one RIS record; a date that RIS cannot say stands in the notes."""
        match = DAY.fullmatch(self.published.text) if self.published else None
        year, month, day = match.groups(default="") if match else ("", "", "")
        undated = f"Published {dates.words(self.published)}" if self.published and not match else ""
        accessed = f"{self.accessed:%Y/%m/%d}" if self.accessed else ""
        tags = (
            ("TY", {"article": "NEWS", "data": "DATA", "statement": "GEN"}.get(self.kind, "ELEC")),
            ("ID", self.key), ("AU", self.author), ("TI", self.title), ("PB", self.publisher), ("PY", year),
            ("DA", f"{year}/{month}/{day}/" if year else ""), ("ET", self.version), ("LA", self.language),
            ("UR", self.url), ("Y2", accessed), ("N1", self._note()), ("N1", undated),
        )  # fmt: skip
        return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in tags if value) + "ER  - \r\n"


FORMS: dict[str, Callable[[Citation], str]] = {
    "txt": lambda cited: cited.plain() + "\n",
    "bib": Citation.bibtex,
    "ris": Citation.ris,
}


def _line(text: str) -> str:
    """Return a text on one line: neither RIS nor a footnote has line breaks."""
    return " ".join(text.split())


def escape(text: str) -> str:
    """Return a text as BibTeX and LaTeX read it back: their own signs escaped, everything else as it is."""
    return _line(text).translate(LATEX)


def of_view(
    shown: View, *, everything: bool = False, address: str = "", accessed: dt.date | None = None
) -> Citation:
    """Return the citation of what a view shows, or of everything."""
    return Citation(
        key=f"handover-atlas-{shown.state.as_of.isoformat()}",
        kind="data",
        author="The Handover Atlas authors",
        title=f"{TITLE}: {SUBTITLE}",
        version=shown.ledger.version,
        notes=("View: " + question(shown, everything=everything).rstrip("."), "CC BY 4.0"),
        url=address,
        language="en",
        accessed=accessed,
    )


def of_item(ledger: Ledger, item: str, accessed: dt.date | None = None) -> Citation:
    """Return the citation of one item: a source, claim, rendering, sentence, dated statement or milestone.

    Disagreements and phases are the ledger's own and are cited as parts of it. Raises QuestionError where there is no
    such item.
    """
    for find in (_source, _claim, _rendering, _sentence, _dated, _milestone, _own):
        if found := find(ledger, item, accessed):
            return found
    raise QuestionError(
        f"there is no item {echo(item)}; an item is named as in the links of the pages, such as Q0-1, G4, A07, E018.S0 or P037"
    )


def _of(ledger: Ledger, item: str, source: Source, **more: object) -> Citation:
    """Return the citation of a source, with what of it is meant."""
    via = f"{TITLE}, {more.pop('part')}, data version {ledger.version}"
    notes = more.pop("notes", ())
    return Citation(
        key=f"atlas-{item}", title=source.title, kind="article" if source.kind == "article" else "page",
        publisher=source.publisher, published=source.published, url=source.url, language=source.language,
        notes=(*notes, f"Via {via}"), **more,  # type: ignore[arg-type, misc]
    )  # fmt: skip


def _source(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    source = ledger.sources.get(item)
    return _of(ledger, item, source, part=f"source {item}", accessed=accessed) if source else None


def _claim(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    claim = ledger.claim.get(item)
    if claim is None:
        return None
    voice = "" if claim.asserted_by == OWN_VOICE else claim.asserted_by
    return _of(
        ledger, item, ledger.sources[claim.source], part=f"claim {item}", accessed=accessed, quotation=claim.quotation,
        quotation_language=claim.quotation_language if claim.quotation else "", said_by=voice,
        notes=(f"Claim{f' of {voice}' if voice and not claim.quotation else ''}: {claim.text.rstrip('.')}",),
    )  # fmt: skip


def _rendering(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    rendering = next((r for r in ledger.renderings if r.rendering == item), None)
    if rendering is None:
        return None
    source, statement = ledger.sources[rendering.source], ledger.statements[rendering.statement]
    quoted = rendering.kind == "quotation"
    made = f", {dates.words(statement.occurred)}" if statement.occurred else ""
    notes = (f"From: {statement.speaker}, {statement.title}{made}",)
    return _of(
        ledger, item, source, part=f"rendering {item}", accessed=accessed, quotation=rendering.text if quoted else "",
        quotation_language=source.language if quoted else "", said_by=statement.speaker,
        notes=notes if quoted else (f"Paraphrase by the outlet: {rendering.text.rstrip('.,')}", *notes),
    )  # fmt: skip


def _sentence(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    """Return the citation of a sentence: its Arabic original where it was found, else who renders it."""
    sentence = ledger.sentences.get(item)
    if sentence is None:
        return None
    statement = ledger.statements[sentence.statement]
    made = {
        "author": statement.speaker, "title": statement.title, "kind": "statement", "published": statement.occurred,
        "key": f"atlas-{item}", "accessed": accessed,
    }  # fmt: skip
    via = (
        f"Sentence: {sentence.summary.rstrip('.')}",
        f"Via {TITLE}, sentence {item}, data version {ledger.version}",
    )
    if sentence.arabic:
        source = ledger.sources[sentence.arabic_source]
        printed = f"Arabic text as in {source.publisher}{f' ({sentence.arabic_note})' if sentence.arabic_note else ''}"
        return Citation(
            **made, url=source.url, language="ar", quotation=sentence.arabic,  # type: ignore[arg-type]
            quotation_language="ar", notes=(printed, *via),
        )  # fmt: skip
    outlets = dict.fromkeys(
        wording.publisher(ledger.sources[r.source]) for r in ledger.renderings if r.sentence == item
    )
    told = f"As rendered by {wording.listed(list(outlets), len(outlets))}" if outlets else ""
    return Citation(**made, notes=tuple(note for note in (told, *via) if note))  # type: ignore[arg-type]


def _dated(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    dated = next((d for d in ledger.dated_statements if d.dated_statement == item), None)
    if dated is None:
        return None
    source = ledger.sources[dated.source]
    return _of(
        ledger, item, source, part=f"dated statement {item}", accessed=accessed, quotation=dated.quotation,
        quotation_language=source.language, notes=(f"Date meant: {dates.words(dated.occurred)}",),
    )  # fmt: skip


def _milestone(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    found = next((m for m in ledger.milestones if m.milestone == item), None)
    source = ledger.sources.get(found.source) if found else None
    if found is None or source is None:
        return None
    return _of(
        ledger, item, source, part=f"milestone {item}", accessed=accessed, quotation=found.quotation,
        quotation_language=source.language if found.quotation else "", notes=(f"Milestone: {found.text.rstrip('.')}",),
    )  # fmt: skip


def _own(ledger: Ledger, item: str, accessed: dt.date | None) -> Citation | None:
    """Return the citation of what is the ledger's own work: a disagreement, a phase, a site."""
    disagreement, phase, site = (
        ledger.disagreements.get(item),
        ledger.phases.get(item),
        ledger.sites.get(item),
    )
    part = (
        f"disagreement {item}: {disagreement.topic}" if disagreement
        else f"phase {item}: {phase.name}" if phase
        else f"site {item}: {site.name}" if site
        else ""
    )  # fmt: skip
    if not part:
        return None
    return Citation(
        key=f"atlas-{item}", kind="data", author="The Handover Atlas authors", title=f"{TITLE}, {part}",
        version=ledger.version, language="en", notes=("CC BY 4.0",), accessed=accessed,
    )  # fmt: skip
