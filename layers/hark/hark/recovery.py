"""The operator's commands for a bad day: restore an export, let it act again, check receipts of erasures.

    python -m hark.recovery restore --stack hark-new export/*.json.gz [--receipts erased/*.json]
    python -m hark.recovery release --stack hark-new --brand acme
    python -m hark.recovery verify-receipt --stack hark receipts.json
    python -m hark.recovery verify-receipt --keys keys.json receipts.json
    python -m hark.recovery rotate-receipt-key --stack hark

An export is what DynamoDB writes to S3 (point-in-time export, DynamoDB JSON, a line per item, compressed or not).
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from typing import Any

from hark import aws, wiring
from hark.domain.erasure import Receipt, digest, holds


def lines(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The lines of an export, binary values decoded."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for line in file:
                if line.strip():
                    yield {"Item": {name: _decoded(value) for name, value in json.loads(line)["Item"].items()}}


def _decoded(value: dict[str, Any]) -> dict[str, Any]:
    match value:
        case {"B": str(said)}:
            return {"B": base64.b64decode(said)}
        case {"M": dict(said)}:
            return {"M": {name: _decoded(part) for name, part in said.items()}}
        case {"L": list(said)}:
            return {"L": [_decoded(part) for part in said]}
    return value


def receipts(paths: Sequence[Path]) -> list[Receipt]:
    """Receipts from files: one, a list, what the API answers, or a line each.

    Raises:
        ValueError: it is none.
    """
    found = []
    for path in paths:
        text = path.read_text("utf-8")
        try:
            said = json.loads(text)
        except ValueError:
            said = [json.loads(line) for line in text.splitlines() if line.strip()]
        several = said.get("items", [said]) if isinstance(said, dict) else said
        found += [Receipt.model_validate(one.get("receipt", one)) for one in several]
    return found


def findings(known: Sequence[Receipt], keys: dict[str, str]) -> list[str]:
    """A sentence for each receipt that is not ours, or that does not follow the one before it."""
    wrong = []
    before: dict[str, Receipt] = {}
    for receipt in sorted(known, key=lambda each: (each.brand, each.number)):
        name = f"receipt {receipt.number} of {receipt.brand}"
        if not holds(receipt, keys):
            wrong.append(f"{name} is not as we signed it (key {receipt.key})")
        earlier = before.get(receipt.brand)
        if earlier and (earlier.number, digest(earlier)) != (receipt.number - 1, receipt.previous):
            wrong.append(f"{name} does not follow receipt {earlier.number}: one is missing or was changed")
        before[receipt.brand] = receipt
    return wrong


def _into(stack: str) -> dict[str, str]:
    """Work on this stack's table, parameters and bucket from now on."""
    import boto3

    found = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    os.environ |= {
        "TABLE_NAME": outputs["TableName"], "SECRETS_PATH": outputs["SecretsPath"],
        "MEDIA_BUCKET": outputs["MediaBucketName"], "STATE_MACHINE_ARN": outputs["WorkflowArn"],
        "SEND_LEASE_SECONDS": "90", "SEND_SETTLE_SECONDS": "60",
    }  # fmt: skip
    return outputs


def rotated() -> str:
    """Have another key sign receipts; the name of the new one. The old ones stay, for what they have signed."""
    known = dict(wiring.secrets().signing_receipts())
    name = f"k{len(known)}"
    fresh = {**known, name: token_hex(32), "now": name}
    aws.ssm().put_parameter(
        Name=f"{os.environ['SECRETS_PATH']}/receipts/keys", Value=json.dumps(fresh), Type="SecureString", Overwrite=True
    )
    return name


def _told(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 when something is wrong with what was restored or checked."""
    parser = argparse.ArgumentParser(prog="python -m hark.recovery", description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    restore = commands.add_parser("restore", help="load an export into a new stack; nothing leaves it before `release`")
    restore.add_argument("files", nargs="+", type=Path)
    restore.add_argument("--receipts", nargs="*", type=Path, default=[], help="of erasures after the export")
    release = commands.add_parser("release", help="let the accounts act again that `restore` has paused")
    release.add_argument("--brand", required=True)
    rotate = commands.add_parser("rotate-receipt-key", help="have a new key sign receipts of erasures")
    verify = commands.add_parser("verify-receipt", help="check receipts of erasures, and that none is missing")
    verify.add_argument("files", nargs="+", type=Path)
    verify.add_argument("--keys", type=Path, help="a file with the keys: nothing is asked of any stack")
    for command in (restore, release, rotate):
        command.add_argument("--stack", required=True)
    verify.add_argument("--stack", default="")
    asked = parser.parse_args(arguments)
    if asked.stack:
        _into(asked.stack)
    match asked.command:
        case "restore":
            report = wiring.restoring().restore(lines(asked.files), receipts(asked.receipts), _told)
            print(json.dumps(asdict(report), indent=2))
            return 1 if report.wrong else 0
        case "release":
            print(f"{wiring.restoring().release(asked.brand)} accounts may act again")
        case "rotate-receipt-key":
            print(f"{rotated()} signs from now on; functions take it up within five minutes")
        case _:
            known = receipts(asked.files)
            keys = json.loads(asked.keys.read_text()) if asked.keys else wiring.secrets().signing_receipts()
            wrong = findings(known, keys)
            print("\n".join(wrong) or f"{len(known)} receipts hold")
            return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
