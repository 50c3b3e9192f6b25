"""The command line of a fake: where it listens and where it delivers, until it is told to stop."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path
from typing import Any

from hark.testkit.serving import Serving


def command_line(module: str, description: str | None, port: int) -> argparse.ArgumentParser:
    """What every fake takes: `--port`, otherwise `port`, and `--webhook`."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("--port", type=int, default=port, help="0 takes a free one")
    parser.add_argument("--webhook", default="", help="where to deliver; may be set later on the control plane")
    return parser


def json_file(path: str) -> Any:
    """What a file given on the command line holds.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no JSON in UTF-8.
    """
    return json.loads(Path(path).read_text("utf-8"))


def serve(platform: str, fake: Serving) -> None:
    """Let a fake answer, say where, and end it cleanly on Ctrl-C or a termination signal."""
    ended = threading.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: ended.set())
    with fake:
        print(f"fake {platform}: {fake.url}", flush=True)
        ended.wait()
