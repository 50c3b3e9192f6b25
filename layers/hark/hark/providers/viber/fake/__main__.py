"""Run a fake Viber until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import threading

from hark.providers.viber.fake.server import Fake


def main() -> None:
    """Read the command line, serve, and stop cleanly on Ctrl-C or a termination signal."""
    parser = argparse.ArgumentParser(prog="python -m hark.providers.viber.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=9720, help="0 takes a free one")
    parser.add_argument("--webhook", default="", help="address of the door, without the bot; may be set later")
    given = parser.parse_args()
    ended = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: ended.set())
    with Fake(given.port, given.webhook) as fake:
        print(f"fake Viber: {fake.url}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
