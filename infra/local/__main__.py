"""`python -m infra.local`: start the local cloud and keep it until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import faulthandler
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from infra.local.cloud import Cloud, Options, Ports
from infra.local.engine import PortTaken, free_port
from infra.local.stack import StackFailed


def _options(arguments: list[str] | None) -> tuple[Options, Path | None]:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description="Hark on this machine.")
    defaults = Ports()
    parser.add_argument(
        "--port", type=int, default=defaults.web, help="of the desk; 0 takes a free one (default %(default)s)"
    )
    parser.add_argument("--engine-port", type=int, default=defaults.engine, help="of the AWS API (default %(default)s)")
    parser.add_argument(
        "--fakes-port", type=int, default=defaults.fakes, help="of the first fake platform (default %(default)s)"
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a field of the brand's policy, the value as JSON; may be given several times",
    )
    parser.add_argument(
        "--env",
        metavar="FUNCTION.NAME=VALUE",
        action="append",
        default=[],
        help="an environment variable of a function, by its logical id; may be given several times",
    )
    parser.add_argument("--poll", default="rate(1 minute)", help="schedule of the poller (default %(default)s)")
    parser.add_argument("--logs", action="store_true", help="show all that functions log, not only warnings and errors")
    parser.add_argument("--announce", type=Path, help="write the addresses to this file as JSON when ready")
    given = parser.parse_args(arguments)
    ports = Ports(given.port or free_port(), given.engine_port or free_port(), given.fakes_port)
    settings = {}
    for setting in given.set:
        name, separator, value = setting.partition("=")
        if not separator:
            parser.error(f"--set wants NAME=VALUE, not {setting!r}")
        settings[name] = json.loads(value)
    environment: dict[str, dict[str, str]] = {}
    for variable in given.env:
        name, separator, value = variable.partition("=")
        function, dot, key = name.partition(".")
        if not (separator and dot):
            parser.error(f"--env wants FUNCTION.NAME=VALUE, not {variable!r}")
        environment.setdefault(function, {})[key] = value
    return Options(
        ports=ports, settings=settings, environment=environment, poll_schedule=given.poll, all_logs=given.logs
    ), given.announce


def main(arguments: list[str] | None = None) -> int:
    """Run until told to stop. Returns the exit status."""
    options, announce = _options(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    faulthandler.register(signal.SIGUSR1)  # what every thread is at, for when it does not answer
    try:
        cloud = Cloud(options)
    except (PortTaken, StackFailed, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    with cloud:
        _tell(cloud)
        if announce is not None:
            partial = announce.with_suffix(".partial")
            partial.write_text(json.dumps(_addresses(cloud)))
            partial.rename(announce)  # whoever waits for the file finds it whole
        stop.wait()
        print("Stopping …", flush=True)
    return 0


def _addresses(cloud: Cloud) -> dict[str, Any]:
    return {"desk": cloud.desk, "engine": cloud.engine.endpoint, "fakes": cloud.fakes, **cloud.stack.outputs}


def _tell(cloud: Cloud) -> None:
    fakes = "".join(f"  {f'Fake {name}':10}{address}\n" for name, address in cloud.fakes.items())
    print(
        f"Hark runs here since {cloud.seconds:.1f} s. Nothing is kept when it stops.\n"
        f"  Desk      {cloud.desk}\n"
        f"{fakes}"
        f"  AWS API   {cloud.engine.endpoint}\n"
        f"A demo day: make play (in another terminal). Stop: Ctrl-C.",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
