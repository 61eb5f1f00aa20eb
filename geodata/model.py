"""The rows of the ledger: one frozen pydantic model a file, whose field descriptions are the data dictionary."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from geodata import dates
from geodata.dates import Possible


class Controller(StrEnum):
    """Who administers a site."""

    IRAQI_FEDERAL = "iraqi_federal"
    KURDISTAN_REGION = "kurdistan_region"
    ISLAMIC_STATE = "islamic_state"
    NONE = "none"
    UNKNOWN = "unknown"


class Coalition(StrEnum):
    """Whether coalition forces are at a site; contractors, diplomats and the NATO mission are not the coalition."""

    PRESENT = "present"
    RESIDUAL = "residual"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Region(StrEnum):
    """Where a site lies, set by hand; it never decides a category."""

    FEDERAL = "federal"
    KURDISTAN = "kurdistan"
    DISPUTED = "disputed"


class Kind(StrEnum):
    """What a claim asserts: a change, an observation, a plan, or something about all sites of a class."""

    CHANGE = "change"
    OBSERVATION = "observation"
    PLAN = "plan"
    GENERAL = "general"


class Basis(StrEnum):
    """On what a claim or a state rests, from the weakest to the strongest; `confirmed` is only ever computed."""

    ANNOUNCED = "announced"
    CLAIMED = "claimed"
    REPORTED = "reported"
    OFFICIAL = "official"
    CONFIRMED = "confirmed"


class Grade(StrEnum):
    """How far a claim can be traced: weak ones decide only where nothing better speaks, rejected ones never."""

    VERIFIED = "verified"
    WEAK = "weak"
    REJECTED = "rejected"


EDITION = re.compile(r" \((?:[A-Z]{2}|CKB)\)$")
"""How a publisher's name ends that is one of an outlet's editions in several languages: they are one origin."""


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _edtf(value: object) -> object:
    return dates.parse(value) if isinstance(value, str) and value else (value or None)


def _required_edtf(value: object) -> object:
    if not value:
        raise ValueError(dates.WANTED)
    return _edtf(value)


def _blank(value: object) -> object:
    return None if value == "" else value


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$")]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Edtf = Annotated[Possible | None, BeforeValidator(_edtf)]
RequiredEdtf = Annotated[Possible, BeforeValidator(_required_edtf)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"']+)?$")]
Language = Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")]


def misfit(column: str, message: str) -> PydanticCustomError:
    """Return the error for a value that does not fit the others of its row; `column` is where to mend it."""
    return PydanticCustomError("misfit", "{message}", {"column": column, "message": message})


class Row(BaseModel):
    """One line of a file; unknown columns are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, str_strip_whitespace=True
    )


class Source(Row):
    """A published item: what was read, who published it, when, and how far it is to be trusted."""

    source: Id = Field(
        description="Identifier: S for the five articles, P for pages, K for packages of coordinates."
    )
    kind: Annotated[str, StringConstraints(pattern="^(article|page|package)$")] = Field(
        description="article, page or package."
    )
    publisher: Text = Field(description="Who published it, with the agency or relay as named there.")
    publisher_note: str = Field(description="How the publisher was identified, where that is not printed.")
    title: str = Field(description="The headline; empty where there is none.")
    title_basis: str = Field(description="Where the title was taken from.")
    url: Url = Field(description="Address starting with http:// or https://; empty where not recorded.")
    url_note: str = Field(description="What is to be known about the address.")
    published: Edtf = Field(
        description="Day of publication in EDTF; empty where not recorded: such a source counts only without a known-on date."
    )
    published_words: str = Field(description="The date as recorded, where EDTF level 0 cannot say it.")
    published_basis: str = Field(description="How the date of publication is known.")
    grade: Annotated[str, StringConstraints(pattern="^[A-D]$")] = Field(
        description="A official text, wire or established outlet; B secondary or relay, plausible; C partisan, relay or undated; D unreliable or machine-written."
    )
    derives_from: Ids = Field(description="Sources it rewrites, where that is stated; separated by blanks.")
    agency: str = Field(
        description="The agency or author it carries, where it names one: two items of one agency are one root."
    )
    language: Language = Field(
        description="Language of the item as an ISO 639 code; empty where not recorded."
    )
    archive_url: Url = Field(description="Address of an archived copy; empty where not recorded.")
    text_file: str = Field(
        description="File name of the full text, where quotations can be checked against it."
    )
    note: str = Field(description="What a reader must know before relying on it.")


class Site(Row):
    """A place whose control is tracked."""

    site: Id = Field(description="Identifier, used in addresses.")
    name: Text = Field(description="Full name.")
    short_name: Text = Field(description="Name as it stands on the map.")
    type: Text = Field(description="What kind of place it is.")
    region: Region = Field(
        description="federal, kurdistan or disputed; set by hand; never decides a category."
    )
    region_note: str = Field(description="What the region column cannot say.")
    governorate: Text = Field(description="Governorate, set by hand and not by polygon.")
    lon: Annotated[float | None, BeforeValidator(_blank)] = Field(
        ge=-180, le=180, description="Longitude in decimal degrees, WGS 84; empty where no position is known."
    )
    lat: Annotated[float | None, BeforeValidator(_blank)] = Field(
        ge=-90, le=90, description="Latitude in decimal degrees, WGS 84; empty where no position is known."
    )
    radius_m: Annotated[int | None, BeforeValidator(_blank)] = Field(
        ge=0,
        le=100_000,
        description="How far off the position may be, in metres; 0 where the site itself is located.",
    )
    position_basis: Text = Field(description="What the position is the position of.")
    position_source: str = Field(description="Where the coordinates come from.")
    cluster: Annotated[str, StringConstraints(pattern=r"^(baghdad)?$")] = Field(
        description="baghdad where the inset of Baghdad shows the site, the one inset there is; empty elsewhere."
    )
    note: str = Field(description="What a reader must know about the site.")

    @model_validator(mode="after")
    def _position_is_whole(self) -> Self:
        given = {self.lon is None, self.lat is None, self.radius_m is None}
        if len(given) > 1:
            missing = next(name for name in ("lon", "lat", "radius_m") if getattr(self, name) is None)
            raise misfit(missing, "lon, lat and radius_m are given together or not at all")
        return self


class SiteName(Row):
    """Another name of a site, in any script."""

    site: Id = Field(description="The site.")
    name: Text = Field(description="The name as written.")
    script: Annotated[str, StringConstraints(pattern="^(Latn|Arab)$")] = Field(description="Latn or Arab.")
    note: str = Field(description="Misprint, or doubtful identification.")


class Claim(Row):
    """One source's assertion about one site, a class of sites, or a plan."""

    claim: Id = Field(
        description="Identifier. Where several sources make one assertion, each has a row: E018.S0, E018.S2."
    )
    event: Ids = Field(
        description="Identifiers in the fact base it restates; empty for rows that come from the texts directly."
    )
    site: Annotated[str | None, BeforeValidator(_blank)] = Field(
        description="The site; empty for plans with a scope and for general claims."
    )
    scope: Ids = Field(
        description="For a plan, the sites it covers, listed by hand; for a general claim, the controller whose sites it covers."
    )
    kind: Kind = Field(description="change, observation, plan or general.")
    event_type: Text = Field(description="What happened, in one word of the fact base.")
    occurred: RequiredEdtf = Field(description="When it happened, or for a plan the deadline; EDTF.")
    from_controller: Annotated[Controller | None, BeforeValidator(_blank)] = Field(
        description="Controller before the change; for a plan, the state it promises to end."
    )
    from_coalition: Annotated[Coalition | None, BeforeValidator(_blank)] = Field(
        description="Coalition before the change."
    )
    to_controller: Annotated[Controller | None, BeforeValidator(_blank)] = Field(
        description="Controller after the change, or as observed; empty where the claim says nothing about control."
    )
    to_coalition: Annotated[Coalition | None, BeforeValidator(_blank)] = Field(
        description="Coalition after the change, or as observed."
    )
    transition: str = Field(description="Name shared by all rival claims about one change at a site.")
    phase: str = Field(description="For a plan, the phase it promises to end.")
    primary: Annotated[str, StringConstraints(pattern="^(yes|no)?$")] = Field(
        description="For the plans of one phase: yes for the primary text, whose deadline drives; no for the others, which are shown."
    )
    basis: Basis = Field(
        description="announced, claimed (one party), reported (press) or official (the responsible authority)."
    )
    grade: Grade = Field(
        description="verified: the source says so; weak: decides only where nothing better speaks; rejected: listed, never decides."
    )
    asserted_by: str = Field(description="Who asserts it, as the source says.")
    party: Text = Field(
        description="The side the asserter belongs to; two claims of one side never confirm each other."
    )
    source: Id = Field(description="The one source of this row.")
    text: Text = Field(description="The assertion in one sentence.")
    quotation: str = Field(description="Verbatim words of the source.")
    quotation_language: Language = Field(description="Language of the quotation, ISO 639.")
    note: str = Field(description="Conflicts and caveats.")
    supersedes: str = Field(
        description="Identifier of the row this one corrects; the corrected row stays and no longer counts."
    )

    @model_validator(mode="after")
    def _kind_is_whole(self) -> Self:
        if problem := _kind_problem(self):
            raise misfit(*problem)
        return self


def _kind_problem(claim: Claim) -> tuple[str, str] | None:
    """Return the column and the fault where a claim does not fit together."""
    kind, about_one = claim.kind, claim.kind in (Kind.CHANGE, Kind.OBSERVATION)
    planned = claim.site is not None or claim.scope or claim.phase
    rules = (
        (
            (claim.from_controller is None) != (claim.from_coalition is None),
            "from_coalition",
            "a state has both a controller and a coalition, or neither",
        ),
        (
            (claim.to_controller is None) != (claim.to_coalition is None),
            "to_coalition",
            "a state has both a controller and a coalition, or neither",
        ),
        (
            claim.basis is Basis.CONFIRMED,
            "basis",
            "confirmed is computed; a claim is announced, claimed, reported or official",
        ),
        (
            (claim.basis is Basis.ANNOUNCED) != (kind is Kind.PLAN),
            "basis",
            "a plan has the basis announced, and nothing else has",
        ),
        (
            kind in (Kind.CHANGE, Kind.GENERAL) and claim.to_controller is None,
            "to_controller",
            "a change names the state it leads to",
        ),
        (
            kind is Kind.OBSERVATION and claim.from_controller is not None,
            "from_controller",
            "an observation has no state before",
        ),
        (about_one and claim.site is None, "site", "a change or an observation is about one site"),
        (
            about_one and bool(claim.scope),
            "scope",
            "a change or an observation is about one site and has no scope",
        ),
        (
            kind is Kind.GENERAL and claim.site is not None,
            "site",
            "a general claim has a scope instead of a site",
        ),
        (kind is Kind.GENERAL and not claim.scope, "scope", "a general claim has a scope instead of a site"),
        (
            kind is Kind.GENERAL and claim.from_controller is None,
            "from_controller",
            "a general claim names the state it ends",
        ),
        (bool(claim.primary) and kind is not Kind.PLAN, "primary", "only a plan is primary or not"),
        (kind is Kind.PLAN and not planned, "scope", "a plan names a site, a scope or a phase"),
    )
    return next(((column, message) for broken, column, message in rules if broken), None)


class Statement(Row):
    """What somebody said or published on a day."""

    statement: Id = Field(description="Identifier.")
    occurred: Edtf = Field(description="When it was made; EDTF; empty where not recorded.")
    speaker: Text = Field(description="Who made it.")
    title: Text = Field(description="What it is.")
    sources: Ids = Field(description="Sources that carry it.")
    note: str = Field(description="Caveats.")


class Sentence(Row):
    """One sentence of a statement, with its original where it was found."""

    sentence: Id = Field(description="Identifier of the group of renderings.")
    statement: Id = Field(description="The statement it belongs to.")
    summary: Text = Field(description="What it says, in short.")
    arabic: str = Field(description="The Arabic original; empty where not found.")
    arabic_source: str = Field(description="Source of the Arabic.")
    arabic_note: str = Field(description="How far the Arabic is verbatim.")
    difference: str = Field(description="How the renderings differ.")

    @model_validator(mode="after")
    def _original_has_a_source(self) -> Self:
        if bool(self.arabic) != bool(self.arabic_source):
            raise misfit("arabic_source", "the Arabic and its source are given together or not at all")
        return self


class Rendering(Row):
    """One outlet's wording of one sentence of a statement."""

    rendering: Id = Field(description="Identifier: Q for quotations, R for paraphrases.")
    kind: Annotated[str, StringConstraints(pattern="^(quotation|paraphrase)$")] = Field(
        description="quotation (verbatim inside quotation marks) or paraphrase (the outlet's own words)."
    )
    source: Id = Field(description="The outlet's item.")
    statement: Id = Field(description="The statement rendered.")
    sentence: str = Field(description="The sentence rendered; empty where the words belong to no group.")
    line: Annotated[int | None, BeforeValidator(_blank)] = Field(
        description="Line of the text in which it stands, counted from 1."
    )
    text: Text = Field(description="The words, exactly as printed there.")
    note: str = Field(description="What the outlet changed, cut or added.")


class DatedStatement(Row):
    """An event or a deadline to which one of the articles gives a date."""

    dated_statement: Id = Field(description="Identifier.")
    source: Id = Field(description="The article.")
    occurred: RequiredEdtf = Field(description="The date, EDTF.")
    precision: Text = Field(description="How exact the article is, and what was inferred.")
    kind: Annotated[str, StringConstraints(pattern="^(event|deadline)$")] = Field(
        description="event or deadline."
    )
    text: Text = Field(description="What happened or was to happen.")
    quotation: Text = Field(description="The words of the article, exactly.")


class Phase(Row):
    """A planned period."""

    phase: Id = Field(description="Identifier.")
    name: Text = Field(description="Full name, with who uses it.")
    label: Text = Field(description="Name as it stands on screen.")
    scope: Text = Field(description="What it covers, in words.")
    sites: Ids = Field(
        description="Sites in scope, listed by hand: those hosting on its first day; empty where it moves no site."
    )
    start: RequiredEdtf = Field(description="When it began, EDTF.")
    start_words: Text = Field(description="The start as recorded.")
    start_source: str = Field(description="Source of the start; empty where not recorded.")
    planned_end: Edtf = Field(
        description="The promised end by the primary text, EDTF; empty where none was promised."
    )
    planned_end_words: str = Field(description="All promised ends as recorded.")
    done: Edtf = Field(description="When it was over, EDTF; empty where no source says so.")
    done_words: str = Field(description="The actual end as recorded.")
    done_source: str = Field(description="Source of the actual end.")
    done_note: str = Field(description="What the actual end rests on.")
    sources: Ids = Field(description="All sources about the phase.")
    note: str = Field(description="Caveats.")


class Milestone(Row):
    """A dated, checkable event or commitment."""

    milestone: Id = Field(description="Identifier.")
    occurred: RequiredEdtf = Field(description="When, EDTF.")
    kind: Annotated[str, StringConstraints(pattern="^(event|deadline)$")] = Field(
        description="event or deadline."
    )
    text: Text = Field(description="What.")
    source: Id = Field(description="The source.")
    quotation: str = Field(description="Verbatim words of the source.")
    grade: Grade = Field(description="verified or weak.")


class Disagreement(Row):
    """A point on which sources contradict each other."""

    disagreement: Id = Field(description="Identifier.")
    topic: Text = Field(description="About what.")
    scope: Text = Field(description="Between which sources.")
    assessment: Text = Field(description="What this atlas does about it, and on what grounds.")
    sites: Ids = Field(
        description="Sites it is about, separated by blanks; empty where it is about no site in particular."
    )
    phases: Ids = Field(description="Phases it is about, separated by blanks; empty where it is about none.")
    treatment: str = Field(
        description="What the map does about it, in one sentence; empty where that is not recorded."
    )


class Position(Row):
    """One side of a disagreement."""

    disagreement: Id = Field(description="The disagreement.")
    position: int = Field(ge=1, description="Number within the disagreement.")
    held_by: Text = Field(description="Who holds it, as recorded.")
    sources: Ids = Field(description="The sources that hold it.")
    text: Text = Field(description="What they say.")
    claims: Ids = Field(description="Claims that state it, separated by blanks; empty where no claim does.")


class Unknown(Row):
    """Something that could not be verified."""

    unknown: Id = Field(description="Identifier.")
    text: Text = Field(description="What is not known.")


FILES: Mapping[str, type[Row]] = {
    "sources": Source, "sites": Site, "site_names": SiteName, "claims": Claim, "statements": Statement,
    "sentences": Sentence, "renderings": Rendering, "dated_statements": DatedStatement, "phases": Phase,
    "milestones": Milestone, "disagreements": Disagreement, "positions": Position, "unknowns": Unknown,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ledger:
    """Everything that is known, as loaded from one folder; `version` is the digest of its bytes.

    Compared by identity, so that what is computed from a ledger can be cached under it.
    """

    sources: Mapping[str, Source]
    sites: Mapping[str, Site]
    site_names: tuple[SiteName, ...]
    claims: tuple[Claim, ...]
    statements: Mapping[str, Statement]
    sentences: Mapping[str, Sentence]
    renderings: tuple[Rendering, ...]
    dated_statements: tuple[DatedStatement, ...]
    phases: Mapping[str, Phase]
    milestones: tuple[Milestone, ...]
    disagreements: Mapping[str, Disagreement]
    positions: tuple[Position, ...]
    unknowns: tuple[Unknown, ...]
    version: str = field(default="unversioned")

    @cached_property
    def claim(self) -> Mapping[str, Claim]:
        """Claims by identifier."""
        return {claim.claim: claim for claim in self.claims}

    @cached_property
    def promises(self) -> Mapping[str, tuple[Claim, ...]]:
        """Plans that are not rejected by the phase they promise to end; looked up for every view, so kept."""
        found: dict[str, list[Claim]] = {}
        for claim in self.claims:
            if claim.kind is Kind.PLAN and claim.phase and claim.grade is not Grade.REJECTED:
                found.setdefault(claim.phase, []).append(claim)
        return {phase: tuple(claims) for phase, claims in found.items()}

    @cached_property
    def corrections(self) -> tuple[Claim, ...]:
        """Claims that correct another."""
        return tuple(claim for claim in self.claims if claim.supersedes)

    @cached_property
    def last_evidence(self) -> dt.date:
        """The last day about which any claim that is not rejected and no plan says anything."""
        days = [
            c.occurred.last for c in self.claims if c.grade is not Grade.REJECTED and c.kind is not Kind.PLAN
        ]
        return max(days, default=dates.EPOCH)

    def root(self, source: str) -> str:
        """Return the origin of a source: the agency it carries, or its publisher in any language, after `derives_from`."""
        return self._roots[source]

    @cached_property
    def _roots(self) -> Mapping[str, str]:
        """The origin of every source: the fold asks for it with every claim, so it is worked out once."""
        found: dict[str, str] = {}
        for start in self.sources:
            key, path = start, dict[str, None]()
            while key not in found and key not in path:
                path[key] = None
                key = next(iter(self.sources[key].derives_from), key)
            source = self.sources[key]
            found |= dict.fromkeys(path, found.get(key) or source.agency or EDITION.sub("", source.publisher))
        return found

    def derived(self, sources: frozenset[str]) -> frozenset[str]:
        """Return `sources` and everything that derives from them, at any remove."""
        known, todo = set(sources), list(sources)
        while todo:
            more = set(self._deriving.get(todo.pop(), ())) - known
            known |= more
            todo += more
        return frozenset(known)

    @cached_property
    def _deriving(self) -> Mapping[str, list[str]]:
        """The sources that derive from each, which `sources` names the other way round."""
        found: dict[str, list[str]] = {}
        for source in self.sources.values():
            for parent in source.derives_from:
                found.setdefault(parent, []).append(source.source)
        return found
