"""Where names may stand beside marks, and how they are kept from being read as another mark's."""

from exports.placement import Ground, Item, place

ROOM = (0.0, 0.0, 300.0, 300.0)
OWN = Item("own", "Own", "site", 8.0, 150.0, 150.0, 5.0, 5.0, 5.0, 5.0, 1.0, far=(24.0,))
MARK = (145.0, 145.0, 155.0, 155.0)


def ring(*, but: tuple[float, float, float, float]) -> list[tuple[float, float, float, float]]:
    """Return walls that leave nothing free but one box."""
    left, top, right, bottom = but
    return [(0, 0, 300, top), (0, bottom, 300, 300), (0, top, left, bottom), (right, top, 300, bottom)]


def near(side: int) -> tuple[float, float, float, float]:
    """Return a small wall on one side of the mark that leaves no seat without a leader there."""
    x = 150 + side * 14
    return (x - 5, 140, x + 5, 160)


def test_a_name_with_a_leader_does_not_stand_at_another_mark() -> None:
    walls = [*ring(but=(70, 140, 230, 160)), near(1), near(-1)]
    free = place([OWN], Ground([MARK], [], walls, [], ROOM))[0]
    assert free.leader
    assert free.area[0] > 155
    # Another mark just beyond the name, nearer to it than its own: the name goes to the other side.
    foreign = (free.area[2] + 5, 145.0, free.area[2] + 15, 155.0)
    other = place([OWN], Ground([MARK, foreign], [], walls, [], ROOM))[0]
    assert other.leader
    assert other.area[2] < 145
    # Where there is no other side it is better there than nowhere.
    closed = place([OWN], Ground([MARK, foreign], [], [*walls, (0, 0, 140, 300)], [], ROOM))
    assert [one.area for one in closed] == [free.area]
