from outreach.preferences.stay_behind import bind_moves
from outreach.recipients.moves import follow_moves


def connect() -> None:
    follow_moves(bind_moves)
