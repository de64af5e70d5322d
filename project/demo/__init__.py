"""`make demo`: the whole path on this machine, with real HTTP between its parts."""
