from outreach.preferences.erased import stay_erased
from outreach.preferences.stay_behind import bind_moves
from outreach.recipients.hash_only import keep_out
from outreach.recipients.moves import follow_moves


def connect() -> None:
    follow_moves(bind_moves)
    keep_out(stay_erased)
