"""Prepare a fresh database, start what the demo needs, play the story, and stay up.

With --once it stops after the story: exit 0 where it came out, 1 where not, 2 where it could
not begin. Ctrl-C ends everything that was started here.
"""

import argparse
import os
import signal
import sys
import threading
import time

from project.demo.place import hold
from project.demo.ports import trouble
from project.demo.processes import Processes

WEB = "DEMO_PORT"
MAILBOX = "DEMO_MAILBOX_PORT"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--once", action="store_true", help="stop after the story")
    once = parser.parse_args().once
    ports = {WEB: os.environ.get(WEB, "8000"), MAILBOX: os.environ.get(MAILBOX, "8026")}
    if problem := trouble(ports):
        print(problem)
        return 2
    os.environ.update(ports)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    from project.settings import DATA_DIR

    lock = hold(DATA_DIR)
    if lock is None:
        print(
            f"A demo is running in {DATA_DIR} already. End it, or give this one a place of its "
            "own: make demo DEMO_DATA=/tmp/another-demo"
        )
        return 2
    with lock, Processes() as processes:
        return _play(processes, once=once)


def _play(processes: Processes, *, once: bool) -> int:
    import django

    began = time.monotonic()
    django.setup()

    from project.demo import prepare

    prepare.fresh_data()
    processes.start_all()
    prepare.fill_database()
    processes.wait_until_up()

    from project.demo import story, summary

    told = story.tell()
    came_out = summary.show(told, processes.complaints())
    print(f"\nThe story took {time.monotonic() - began:.0f} seconds.")
    if once:
        return 0 if came_out else 1
    port = os.environ[WEB]
    print(f"\nLook around: http://127.0.0.1:{port}/   (Ctrl-C ends everything)", flush=True)
    processes.watch(threading.Event())
    return 0


def _leave(number: int, frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nEverything is stopped.")
        sys.exit(0)
