"""A log goes back again and again while people write: nothing is lost that anybody still holds (PROTOCOL-10,
DESIGN "Sending once", TRAPS 6). In memory; with a real store it is tried in ``tests/chaos/test_rollback.py``.
"""

import pytest

from tests.support.chance import chance
from tests.support.rollback_evening import Evening, Mood

MOODS = {
    "each in their own notes": Mood(leaves_others=True),
    "all over the board": Mood(),
    "some come late": Mood(latecomers=2),
    "away for long": Mood(absences=0.04, rollbacks=0.03, steps=300),
}
PINNED = [0, 5, 10, 16, 18, 26, 29, 40]
"""0: a snapshot behind ``opened`` was taken in on a connection that had been given up. 5: a note was lost
whose maker was away. 10: the view passed over what came after an emptied deletion. 16: a deletion of others'
lost words. 18: the same, of one's own words that others had deleted, too. 26: a snapshot from before the
common place. 29, 40: the log said the same words in other splices than were expected.
"""
EVENINGS = 8


@pytest.mark.parametrize("mood", MOODS)
def test_nothing_is_lost_that_anybody_holds(mood: str) -> None:
    rng, _ = chance("rollbacks")
    for seed in [*PINNED, *(rng.randrange(2**32) for _ in range(EVENINGS))]:
        evening = Evening(seed, MOODS[mood])
        evening.spend()
        assert evening.faults() == [], f"seed {seed}"
