"""Serve the demo's site on loopback."""

import signal
import sys

from django.conf import settings
from waitress import serve  # type: ignore[import-untyped]

from project.wsgi import application

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    serve(application, host="127.0.0.1", port=int(settings.PORT), threads=8, ident=None)
