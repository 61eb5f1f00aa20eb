"""What was seen of one contestant, in milliseconds, bytes and seconds, before any arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Played:
    """One playback."""

    seconds: float
    frames: int
    dates: int
    """How often another date was shown."""
    longest_ms: float
    """The longest time between two frames."""
    cpu_seconds: float
    """Of the server."""


@dataclass
class Paints:
    """Moves whose markers were waited for, in ms."""

    painted: list[float] = field(default_factory=list)
    """From the input until the frame that shows all changed markers is drawn."""
    frames: list[int] = field(default_factory=list)
    """Which frame after the input that is."""
    work: list[float] = field(default_factory=list)
    """What scripts work for it: listeners of the key, and the callbacks of the next frame."""
    handler: list[float] = field(default_factory=list)
    """Of these, what listens to the key."""
    frame: list[float] = field(default_factory=list)
    """The same with what the browser adds to that frame: styles, layout, painting."""
    layer: list[float] = field(default_factory=list)
    """Of these, our layer's own work, as it counts it."""


@dataclass
class Raw:
    """Everything that was seen of one contestant."""

    usable: list[float] = field(default_factory=list)
    steps: Paints = field(default_factory=Paints)
    jumps: Paints = field(default_factory=Paints)
    main_thread: list[float] = field(default_factory=list)
    """What the page's main thread worked for a move, until everything rested."""
    told: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    """Bytes a move brought."""
    opening: int = 0
    """Bytes that the first map took, without Streamlit's own files, which are the same for all."""
    lives: int | None = None
    """Of these, the dated states that travel by themselves."""
    remounts: int = 0
    zoomed: tuple[float, ...] = ()
    """Zoom, latitude and longitude of the centre before the moves."""
    left: tuple[float, ...] = ()
    """The same after the moves."""
    played: dict[str, Played] = field(default_factory=dict)
    memory_mib: float | None = None
    """Of the server, with one reader."""
    start_seconds: float | None = None
    """Until the server answered."""
    outside: set[str] = field(default_factory=set)
    """Addresses off this machine that the page asked for."""
    unfinished: dict[str, str] = field(default_factory=dict)
    """What did not finish, by stage (open, step, jump, play), in words."""
