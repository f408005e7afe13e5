"""What the sample's customers say and are asked, by a chance of its own: it moves nothing else."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from cs_workbench.workflows.sample import words
from cs_workbench.workflows.sample.profile import TODAY, Mood, Profile, Row

HOURS_AWAY = {"AMER": 6, "APAC": -8}  # when their day begins, from ours in Europe
INVITED_FROM = TODAY - dt.timedelta(days=200)
DAYS_TO_ANSWER = 3
# How often one of them is asked what they had said before, or passed on, by how it is with them.
ASKED_AGAIN: dict[Mood, float] = {"sinking": 0.12, "gone": 0.12, "wavering": 0.06}
ASKED_AGAIN_ELSE = 0.02
FOREIGN = ("ja", "zh", "en")  # of APAC


def comment(profile: Profile, tone: str, number: int) -> str:
    """What somebody of the account writes, in its language."""
    rng = random.Random(f"{profile.account_id}/comment/{number}")
    return rng.choice(words.COMMENTS[tone][_language(profile)])


def _language(profile: Profile) -> str:
    if profile.name in words.LANGUAGES:
        return words.LANGUAGES[profile.name]
    if profile.region == "APAC":
        return random.Random(f"{profile.account_id}/language").choice(FOREIGN)
    return "de" if profile.name.endswith("GmbH") else "en"


def asked_of_them(profile: Profile, number: int) -> Row:
    """What a ticket cost them: asked again, passed on, and how long it was their turn."""
    rng = random.Random(f"{profile.account_id}/asked/{number}")
    often = ASKED_AGAIN.get(profile.mood, ASKED_AGAIN_ELSE)
    return {
        "reassigned_count": int(rng.random() < often),
        "asked_again_count": int(rng.random() < often),
        "waiting_minutes": rng.choice((0, 0, 45, 120, 480)),
    }


def invitations(answers: Sequence[Row]) -> Iterator[Row]:
    """Who was asked of late: those who answered, and about as many who did not."""
    for row in answers:
        answered = row["answered_at"]
        assert isinstance(answered, dt.date)
        sent = answered - dt.timedelta(days=DAYS_TO_ANSWER)
        if sent < INVITED_FROM or row["kind"] != "nps":
            continue
        asked = {"account_id": row["account_id"], "kind": "nps", "sent_on": sent}
        yield asked | {"invitation_id": f"{row['response_id']}-A", "contact_id": row["contact_id"]}
        silent = f"{row['account_id']}-C3"
        if random.Random(f"{row['response_id']}/silent").random() < 0.8:
            yield asked | {"invitation_id": f"{row['response_id']}-B", "contact_id": silent}
