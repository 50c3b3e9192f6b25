"""Run a fake Meta until it is interrupted."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from hark.providers.meta.fake import SECRETS, Fake


def main() -> None:
    """Read the command line, serve, and stop cleanly on Ctrl-C or a termination signal."""
    parser = argparse.ArgumentParser(prog="python -m hark.providers.meta.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=9710, help="0 takes a free one")
    parser.add_argument("--webhook", default="", help="where to deliver; may be set later on the control plane")
    parser.add_argument("--secrets", type=Path, help="JSON file of account id to secret values, else the lab's own")
    given = parser.parse_args()
    secrets = json.loads(given.secrets.read_text("utf-8")) if given.secrets else SECRETS
    ended = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: ended.set())
    with Fake(given.port, given.webhook, secrets) as fake:
        print(f"fake Meta: {fake.url}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
