"""Made-up claims: each site gets a life of changes, and sources that tell it, disagree or are wrong."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tools.bench.made_up import dates

if TYPE_CHECKING:
    from tools.bench.made_up.chance import Chance
    from tools.bench.made_up.places import Cells
    from tools.bench.made_up.publications import Publications

IRAQI, HOSTING, FEW = ("iraqi_federal", "absent"), ("iraqi_federal", "present"), ("iraqi_federal", "residual")
KURDISH, KURDISH_HOSTING = ("kurdistan_region", "absent"), ("kurdistan_region", "present")
TAKEN, DISUSED, OPEN = ("islamic_state", "absent"), ("none", "absent"), ("unknown", "unknown")

State = tuple[str, str]

# When changes crowd, as in the real ledger: the name of a time, its first and its last day.
TIMES = {
    "fall": (dt.date(2014, 6, 5), dt.date(2014, 10, 31)),
    "arrival": (dt.date(2014, 11, 1), dt.date(2016, 2, 28)),
    "return": (dt.date(2016, 3, 1), dt.date(2017, 10, 10)),
    "october": (dt.date(2017, 10, 15), dt.date(2017, 10, 31)),
    "spring": (dt.date(2020, 3, 17), dt.date(2020, 8, 31)),
    "pause": (dt.date(2021, 6, 1), dt.date(2023, 12, 31)),
    "phase": (dt.date(2025, 8, 15), dt.date(2026, 1, 18)),
    "end": (dt.date(2026, 1, 19), dates.LAST),
}
# A life: the state before its first change, then the time of each change and the state after it.
LIVES: dict[str, tuple[tuple[State, tuple[tuple[str, State], ...]], ...]] = {
    "federal": (
        (IRAQI, (("arrival", HOSTING), ("spring", IRAQI))),
        (IRAQI, (("arrival", HOSTING), ("pause", FEW), ("phase", IRAQI))),
        (IRAQI, (("arrival", HOSTING), ("phase", IRAQI))),
        (IRAQI, (("fall", TAKEN), ("return", HOSTING), ("spring", IRAQI))),
        (IRAQI, (("fall", TAKEN), ("return", IRAQI), ("pause", HOSTING), ("phase", FEW), ("end", IRAQI))),
        (IRAQI, (("arrival", HOSTING), ("spring", IRAQI), ("pause", HOSTING), ("phase", IRAQI))),
        (DISUSED, (("return", HOSTING), ("phase", IRAQI))),
        (OPEN, (("arrival", HOSTING), ("pause", FEW))),
        (IRAQI, (("arrival", HOSTING),)),
        (IRAQI, ()),
    ),
    "kurdistan": (
        (KURDISH, (("arrival", KURDISH_HOSTING), ("end", KURDISH))),
        (KURDISH, (("arrival", KURDISH_HOSTING), ("pause", KURDISH))),
        (KURDISH, (("arrival", KURDISH_HOSTING),)),
        (KURDISH, ()),
    ),
    "disputed": (
        (IRAQI, (("fall", KURDISH), ("october", IRAQI))),
        (IRAQI, (("fall", TAKEN), ("return", KURDISH_HOSTING), ("october", IRAQI))),
        (KURDISH, (("arrival", KURDISH_HOSTING), ("october", HOSTING), ("phase", IRAQI))),
    ),
}
BASES = ("claimed", "reported", "reported", "official")
PARTIES = ("press", "press", "iraq", "us", "kurdistan")
OBSERVED = "coalition_present", "control_statement", "status_report", "attack"
PROMISED_BY = dt.date(2026, 12, 31)
PROMISED: Cells = {"kind": "plan", "event_type": "planned_end", "basis": "announced"}
MORE = (*("holds",) * 15, "holds", "context", "promise", "doubtful", "wrong")
"""What a further claim says: mostly that a state still holds."""
RIVAL_DAYS = 12
RIVAL_GRADES = (*("verified",) * 7, "weak", "weak", "rejected")
HARDLY_ANY = 2
"""A life of no more claims than that is told plainly."""


class Teller:
    """Writes claims; knows how many it has written, so that each has its own identifier and words."""

    def __init__(self, chance: Chance, publications: Publications) -> None:
        self.chance = chance
        self.publications = publications
        self.rows: list[Cells] = []

    def tell(self, day: dt.date, cells: Cells) -> None:
        """Write one claim about `day`, told by a source that can have known; `cells` overrides what is made up here."""
        chance, number = self.chance, len(self.rows) + 1
        quoted = chance.likely(0.5)
        words = f"Made-up words {number}"
        row: Cells = {
            "claim": f"C{number:06}", "occurred": dates.edtf(chance, day), "basis": chance.one_of(BASES), "grade": "verified",
            "asserted_by": f"Made-up speaker {1 + chance.below(500)}", "party": chance.one_of(PARTIES),
            "source": self.publications.about(chance, day), "event_type": "handover",
            "quotation": f"{words}: the place was handed to those who hold it" if quoted else "",
            "quotation_language": "en" if quoted else "",
            "text": f"Made-up report {number} of what happened here at that time.", "note": "",
        }  # fmt: skip
        self.rows.append(row | cells)

    def life(self, site: Cells, budget: int) -> None:
        """Write so many claims about one site."""
        lives = LIVES[str(site["region"])]
        first, changes = self.chance.one_of(lives)
        until = len(self.rows) + budget
        held: list[tuple[dt.date, State]] = [(dates.FIRST, first)]
        for number, (time, state) in enumerate(changes):
            if len(self.rows) >= until:
                break
            day = dates.day_in(self.chance, *TIMES[time])
            plain = budget <= HARDLY_ANY or self.chance.likely(0.7)
            rivals = 0 if plain else min(1 + self.chance.below(3), until - len(self.rows) - 1)
            told = _states(held[-1][1], state) | {"site": site["site"], "kind": "change"}
            self._change(day, told | ({"transition": f"{site['site']}-{number}"} if rivals else {}), rivals)
            held.append((day, state))
        while len(self.rows) < until:
            self._more(str(site["site"]), held)

    def _change(self, day: dt.date, told: Cells, rivals: int) -> None:
        """Write that a change happened, and so many claims about it that differ on the day."""
        self.tell(day, told)
        for _ in range(rivals):
            grade = self.chance.one_of(RIVAL_GRADES)
            self.tell(dates.near(self.chance, day, RIVAL_DAYS), told | {"grade": grade})

    def _more(self, site: str, held: list[tuple[dt.date, State]]) -> None:
        """Write one claim more: mostly that a state still holds, now and then a promise or something wrong."""
        chance = self.chance
        first, state = chance.one_of(held)
        following = min((day for day, _ in held if day > first), default=dates.LAST)
        day = dates.day_in(self.chance, first, following)
        told = {"site": site, "kind": "observation", "event_type": chance.one_of(OBSERVED)}
        what = chance.one_of(MORE)
        if what == "promise":
            self._promise(site, day, state)
        elif what == "wrong":
            wrong = _states(state, TAKEN if state != TAKEN else IRAQI)
            self.tell(day, told | wrong | {"kind": "change", "grade": "rejected"})
        elif what == "doubtful":
            self.tell(day, told | _states(OPEN, chance.one_of(held)[1]) | {"grade": "weak"})
        else:  # a context says nothing about control
            self.tell(day, told | (_states(OPEN, state) if what == "holds" else {}))

    def _promise(self, site: str, day: dt.date, state: State) -> None:
        deadline = min(day + dt.timedelta(days=60 + self.chance.below(600)), PROMISED_BY)
        occurred = deadline.isoformat() if self.chance.likely(0.5) else f"{deadline:%Y-%m}"
        told = _states(state, (state[0], "absent")) | PROMISED | {"site": site, "occurred": occurred}
        self.tell(day, told)


def _states(before: State, after: State) -> Cells:
    """Return the cells of two states; a state nobody knows is left out as the one before."""
    told: Cells = {"to_controller": after[0], "to_coalition": after[1]}
    return told | ({} if before == OPEN else {"from_controller": before[0], "from_coalition": before[1]})


def claims(
    chance: Chance, publications: Publications, sites: list[Cells], count: int, phases: list[Cells]
) -> list[Cells]:
    """Return so many rows of claims.csv: those about whole phases and classes first, then a life for each site."""
    teller = Teller(chance, publications)
    for phase in phases:
        if phase["planned_end"] and count - len(teller.rows) > len(sites):
            _phase_promise(teller, phase)
    if count - len(teller.rows) > len(sites):
        day = TIMES["phase"][1]
        told = _states(HOSTING, IRAQI) | {
            "kind": "general",
            "scope": "iraqi_federal",
            "occurred": day.isoformat(),
        }
        teller.tell(day, told | {"basis": "official", "party": "iraq"})
    shares = [1 + chance.share() ** 2 * 6 for _ in sites]
    shares[0] = max(shares[0], 20)  # the site whose dossier is open while we measure: a long one
    whole, spare, given, so_far = sum(shares), count - len(teller.rows) - len(sites), 0, 0.0
    for site, share in zip(sites, shares, strict=True):
        so_far += share
        more = round(spare * so_far / whole) - given
        given += more
        teller.life(site, 1 + more)
    return teller.rows


def _phase_promise(teller: Teller, phase: Cells) -> None:
    source = str(phase["sources"]).split()[0]
    told = _states(HOSTING, IRAQI) | PROMISED | {
        "scope": phase["sites"], "phase": phase["phase"], "primary": "yes", "source": source, "occurred": phase["planned_end"],
    }  # fmt: skip
    teller.tell(teller.publications.day(source), told)
