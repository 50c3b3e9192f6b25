"""How long the webhook's own import takes, against the SDK and one client, in fresh processes of one run.

Printed as medians. Fails above `LIMIT`, because platforms give a webhook little time and a cold start comes on top.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from infra.expand import ROOT

RUNS = 20
LIMIT = 1.5
"""Highest ratio allowed. Source: the project's first issue."""

_WEBHOOK = "import handler"
_SDK = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"
_NOTHING = "pass"


def milliseconds(code: str) -> float:
    """Wall-clock time of a fresh interpreter that runs `code` in the webhook's folder.

    Raises:
        subprocess.CalledProcessError: the code does not run.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers" / "hark"), "AWS_EC2_METADATA_DISABLED": "true"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # layers come compiled
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "functions" / "webhook", env=environment)
    return (time.perf_counter() - begun) * 1000


def main() -> int:
    """Measure, print, and say by the exit status whether the bound holds."""
    programs = {"webhook": _WEBHOOK, "sdk": _SDK, "nothing": _NOTHING}
    for code in programs.values():
        milliseconds(code)  # the first run compiles
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(RUNS):  # in turn, so that a busy moment of the machine strikes all of them
        for name, code in programs.items():
            times[name].append(milliseconds(code))
    median = {name: statistics.median(values) for name, values in times.items()}
    ratio = median["webhook"] / median["sdk"]
    print(f"import of functions/webhook     {median['webhook']:6.0f} ms  (median of {RUNS} fresh processes)")
    print(f"import boto3 and one client     {median['sdk']:6.0f} ms")
    print(f"an interpreter doing nothing    {median['nothing']:6.0f} ms")
    print(f"ratio                           {ratio:6.2f}     (limit {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
