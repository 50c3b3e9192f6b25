"""`make -C frontend lighthouse`: what Lighthouse says of the desk's screens, accessibility and best practices.

Starts the local cloud, puts open cases into its table, signs somebody in who may see every screen, and has each screen
looked at as on a desktop and as on a phone. Lighthouse itself is installed outside the repository. Ends with 1 when
anything but 100 comes out; what is wrong is told. Not part of the gate: it needs Node 20 and the npm registry.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hark.store.table import Table
from playwright.sync_api import Browser, sync_playwright

from infra.bench.desk import BROWSER_ARGUMENTS, packed_frontend, tell
from infra.bench.desk_cases import OpenCases
from infra.local.cloud import Cloud, Options, Ports
from infra.local.engine import free_port
from infra.local.stack import client

VERSION = "12.8.2"
CASES = 40
CATEGORIES = ("accessibility", "best-practices")
FORMS = {"desktop": ["--preset=desktop"], "phone": []}
"""Lighthouse looks as a phone does unless it is told otherwise."""
LEAD = "Noa Levi"


@dataclass(frozen=True)
class Looked:
    """What was said of one screen in one form."""

    screen: str
    form: str
    scores: dict[str, int]
    """By category, of 100."""
    wrong: list[str]

    def __str__(self) -> str:
        told = "  ".join(f"{name} {score:>3}" for name, score in self.scores.items())
        return "\n".join([f"{self.screen:<13} {self.form:<8} {told}", *(f"    {one}" for one in self.wrong)])


def installed(folder: Path) -> Path:
    """The program, installed into a folder outside the repository."""
    npm = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), f"lighthouse@{VERSION}"]
    subprocess.run(npm, check=True)
    return folder / "node_modules/lighthouse/cli/index.js"


def cookie_of(browser: Browser, address: str) -> str:
    """The header of somebody who has signed in, as the desk's own pages send it."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/auth/login?to=/")
    page.get_by_role("button", name=LEAD).click()
    page.wait_for_url(f"{address}/**")
    found = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())
    context.close()
    return found


def look(program: Path, chromium: str, screen: str, address: str, form: str, cookie: str) -> Looked:
    """One screen in one form.

    Raises:
        subprocess.CalledProcessError: Lighthouse did not come to an end.
    """
    command = [
        "node", str(program), address, "--quiet", "--output=json", "--output-path=stdout",
        f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={json.dumps({'Cookie': cookie})}",
        f"--chrome-flags=--headless=new {' '.join(BROWSER_ARGUMENTS)}", *FORMS[form],
    ]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": chromium}, stdout=subprocess.PIPE, check=True, timeout=300
    )
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["requestedUrl"] == address and said["finalDisplayedUrl"] == address, said["finalDisplayedUrl"]
    scores = {name: round(100 * (said["categories"][name]["score"] or 0)) for name in CATEGORIES}
    return Looked(screen, form, scores, _wrong(said))


def addresses(cases: OpenCases) -> dict[str, str]:
    """The screens by their names, with the part of the address that leads to each."""
    conversation = f"open/{cases.case(0).id}"
    return {"queue": "open", "conversation": conversation} | {
        name: name for name in ("approvals", "reports", "incidents", "settings")
    }


def _wrong(said: dict[str, Any]) -> list[str]:
    weighed = {ref["id"] for name in CATEGORIES for ref in said["categories"][name]["auditRefs"] if ref["weight"] > 0}
    found = []
    for name in sorted(weighed):
        audit = said["audits"][name]
        if audit["score"] in (None, 1):
            continue
        items = audit.get("details", {}).get("items", [])
        found.append(f"{name}: {audit['title']} {json.dumps(items[:3])[:600]}")
    return found


def main() -> int:
    """Look at every screen, tell the figures, and say by the exit status whether all are 100."""
    chromium = shutil.which("chromium")
    if chromium is None or shutil.which("npm") is None:
        print("this needs chromium, Node 20 and npm", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        frontend = packed_frontend(Path(folder))
        tell(f"Lighthouse {VERSION} is being installed")
        program = installed(Path(folder) / "lighthouse")
        tell("the local cloud starts")
        options = Options(
            ports=Ports(free_port(), free_port(), 0), poll_schedule="rate(1 day)",
            environment={"DeskApiFunction": {"FRONTEND_PATH": str(frontend)}},
        )  # fmt: skip
        with Cloud(options) as cloud, sync_playwright() as playwright:
            cases = OpenCases(Table(client("dynamodb"), cloud.stack.outputs["TableName"]), datetime.now(UTC))
            for put in cases.put(0, CASES):
                tell(f"{put} open cases are in the table")
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
            cookie = cookie_of(browser, cloud.desk)
            browser.close()
            seen = []
            for screen, address in addresses(cases).items():
                for form in FORMS:
                    seen.append(look(program, chromium, screen, f"{cloud.desk}/#/{address}", form, cookie))
                    tell(str(seen[-1]))
    print("\n".join(str(one) for one in seen))
    return 0 if all(set(one.scores.values()) == {100} for one in seen) else 1


if __name__ == "__main__":
    sys.exit(main())
