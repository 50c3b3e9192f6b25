"""Run a fake X until it is interrupted."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from hark.providers.x.fake.server import SECRETS, Fake


def main() -> None:
    """Read the command line, serve, and stop cleanly on Ctrl-C or a termination signal."""
    parser = argparse.ArgumentParser(prog="python -m hark.providers.x.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=9700, help="0 takes a free one")
    parser.add_argument("--webhook", default="", help="where to deliver; may be set later on the control plane")
    parser.add_argument("--credentials", type=Path, help="JSON file of secret values, else the lab's own")
    given = parser.parse_args()
    credentials = json.loads(given.credentials.read_text("utf-8")) if given.credentials else SECRETS["5550001"]
    ended = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: ended.set())
    with Fake(given.port, given.webhook, credentials) as fake:
        print(f"fake X: {fake.url}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
