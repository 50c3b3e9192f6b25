"""The drill of a restore on this machine: a stack lives, is exported and lost, and comes back as another (I37).

    python -m infra.drill

Two local clouds, one after the other: in the first customers write, in the second the export of the first is restored
by the operator's own command. Says each step, and ends with 1 when anything is not as it has to be.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from infra.expand import ROOT
from tests.e2e.cloud import LocalCloud

PEOPLE = 20
PATIENCE_SECONDS = 120


def step(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def items(cloud: LocalCloud) -> list[dict[str, Any]]:
    """The table, as only a drill and an export may read it."""
    found: list[dict[str, Any]] = []
    for page in cloud.client("dynamodb").get_paginator("scan").paginate(TableName=cloud.outputs["TableName"]):
        found += page["Items"]
    return found


def written(item: dict[str, Any]) -> str:
    def plain(value: Any) -> Any:
        return base64.b64encode(value).decode() if isinstance(value, bytes) else sorted(value)

    return json.dumps({"Item": item}, default=plain)


def cases(cloud: LocalCloud, workflow: str = "running") -> int:
    return sum(i["sk"]["S"] == "CASE" and i["workflow"]["S"] == workflow for i in items(cloud))


def until(what: str, holds: Any) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"not within {PATIENCE_SECONDS} seconds: {what}")
        time.sleep(1)


def lost(cloud: LocalCloud) -> None:
    try:
        cloud.stop()
    except subprocess.TimeoutExpired:
        cloud.process.kill()
        cloud.process.wait()


def posts(cloud: LocalCloud) -> int:
    """What has left for X."""
    return len(cloud.x("GET", "sent"))


def recovery(cloud: LocalCloud, *arguments: str) -> int:
    """The operator's command, in a process of its own that speaks to this cloud."""
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/hark'}", "AWS_ENDPOINT_URL": cloud.outputs["engine"],
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
    }  # fmt: skip
    return subprocess.run([sys.executable, "-m", "hark.recovery", *arguments], env=environment, check=False).returncode


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    step("the first stack starts")
    first = LocalCloud(folder / "one")
    try:
        for number in range(PEOPLE):
            first.x("POST", "users", {"username": f"p{number}", "name": f"Person {number}"})
            first.x("POST", "posts", {"author": f"p{number}", "text": f"@acme my parcel {number} is late"})
        until("every case has its workflow", lambda: cases(first) == PEOPLE)
        export = folder / "export.json"
        export.write_text("\n".join(written(item) for item in items(first)))
        step(f"{PEOPLE} cases; exported {export.stat().st_size} bytes; the stack is lost")
    finally:
        lost(first)
    second = LocalCloud(folder / "two")
    try:
        step("the second stack is there, and empty")
        wrong = recovery(second, "restore", "--stack", "hark", str(export))
        until("every case has its workflow again", lambda: cases(second) == PEOPLE)
        left = posts(second)
        findings = "some findings" if wrong else "no findings"
        step(f"restored: {cases(second)} workflows run, {left} posts have left, {findings}")
        wrong |= recovery(second, "release", "--stack", "hark", "--brand", "acme")
        step("released")
        return 1 if wrong or left else 0
    finally:
        lost(second)


if __name__ == "__main__":
    sys.exit(main())
