"""The local cloud as end-to-end tests see it: addresses, clients, signed-in people, the fake X's control plane."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from html import unescape
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

import boto3
import requests
from hark.domain.policy import Policy
from hark.store.people import People
from hark.store.table import Table
from requests.cookies import extract_cookies_to_jar, get_cookie_header

from infra.expand import ROOT

START_SECONDS = 90
T = TypeVar("T")

HURRIED: dict[str, Any] = {
    "first_answer_seconds": 3,
    "ladder": [
        {"after_seconds": 3, "to": "owner"},
        {"after_seconds": 6, "to": "team"},
        {"after_seconds": 9, "to": "lead"},
    ],
    "follow_up_seconds": 3,
    "silence_closes_seconds": 3,
}
"""A policy whose waits are seconds, for `LocalCloud.set_policy`."""


class LocalCloud:
    """A running local cloud in a process of its own, on free ports.

    Args:
        folder: for its output and addresses.
        arguments: more arguments of `python -m infra.local`.

    Raises:
        RuntimeError: it did not start; the message holds its output.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.log = folder / "cloud.log"
        announced = folder / "addresses.json"
        ports = ["--port", "0", "--engine-port", "0", "--fakes-port", "0"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "infra.local", *ports, "--logs", "--announce", str(announced), *arguments],
                cwd=ROOT,
                env={**_environment(), "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/hark'}"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not announced.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the local cloud did not start:\n{self.log.read_text()}")
            time.sleep(0.1)
        self.outputs: dict[str, str] = json.loads(announced.read_text())
        self.desk = self.outputs["desk"]
        self.fakes = self.outputs["fakes"]
        self.x_url = self.fakes["x"]

    def stop(self) -> None:
        """End it as Ctrl-C would.

        Raises:
            subprocess.TimeoutExpired: it does not end.
        """
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(20)

    def last_words(self, lines: int = 80) -> str:
        """What every thread of it is at now, and the end of what it has printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(0.5)
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    @cache  # noqa: B019  (one cloud per session)
    def client(self, service: str) -> Any:
        """A boto3 client of the engine."""
        make: Any = boto3.client  # its types know services by their names only
        return make(
            service,
            endpoint_url=self.outputs["engine"],
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """Call a function by its logical id and wait; gives its answer.

        Raises:
            RuntimeError: the function raised.
        """
        resource = self.client("cloudformation").describe_stack_resource(StackName="hark", LogicalResourceId=function)
        name = resource["StackResourceDetail"]["PhysicalResourceId"]
        answer = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event or {}))
        said = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise RuntimeError(f"{function}: {said}")
        return said

    def fresh(self, function: str, method: str, path: str, query: str = "") -> Any:
        """An HTTP request to a copy of a function that has just been started, as after a deployment."""
        resource = self.client("cloudformation").describe_stack_resource(StackName="hark", LogicalResourceId=function)
        name = resource["StackResourceDetail"]["PhysicalResourceId"]
        functions = self.client("lambda")
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**variables, "FRESH": str(time.monotonic_ns())}}
        )
        try:
            return self.invoke(
                function,
                {
                    "rawPath": path, "rawQueryString": query, "headers": {},
                    "pathParameters": {"provider": path.rsplit("/", 1)[-1]},
                    "requestContext": {"http": {"method": method, "path": path}},
                },
            )  # fmt: skip
        finally:
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})

    def x(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the fake X's control plane: `x("POST", "posts", {…})`; see `hark.providers.x.fake.control`."""
        answer = requests.request(method, f"{self.x_url}/_fake/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def set_policy(self, **fields: Any) -> None:
        """Set the brand's policy: what differs from the shipped one, such as `HURRIED`."""
        table = Table(self.client("dynamodb"), self.outputs["TableName"])
        People(table).save_policy("acme", Policy.model_validate({"name": "Acme", **fields}))

    def signed_in(self, person: str) -> Desk:
        """The desk in the hands of a demo person (`dana`, `oleg`, `aisha`, `noa`), by the real code flow."""
        desk = Desk(self.desk)
        page = desk.get("/auth/login")
        request = re.search(r'name="request" value="([^"]*)"', page.text)
        assert request is not None, page.text
        came = desk.request("POST", "/dev/sign-in", data={"request": unescape(request[1]), "person": person})
        came.raise_for_status()
        return desk


class Desk:
    """A browser's cookies and headers at one desk, without the browser.

    Browsers take loopback for secure and send it Secure cookies; `requests` does not, so the jar is handled here.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("https", "http")))
        self._session = requests.Session()

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """GET a path of the desk, redirects followed."""
        return self.request("GET", path, params=parameters)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send JSON to a path of the desk as our own page does; names of headers with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(method, path, json=body, headers={"origin": self.origin, "x-desk": "1", **named})

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        """One request and the redirects that follow; `more` as for `requests.Request`."""
        asked = requests.Request(method, self.origin + path, **more).prepare()
        for _ in range(10):
            if cookie := get_cookie_header(self.cookies, asked):  # type: ignore[no-untyped-call]
                asked.headers["Cookie"] = cookie
            answer = self._session.send(asked, allow_redirects=False, timeout=30)
            extract_cookies_to_jar(self.cookies, asked, answer.raw)  # type: ignore[no-untyped-call]
            if not answer.is_redirect:
                return answer
            asked = requests.Request("GET", urljoin(answer.url, answer.headers["location"])).prepare()
        raise RuntimeError(f"{path} redirects for ever")


def until(question: Callable[[], T | None], seconds: float = 20, every: float = 0.1) -> T:
    """The first answer that is neither None nor empty.

    Raises:
        TimeoutError: there was none in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        if answer := question():
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer within {seconds} s")
        time.sleep(every)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
