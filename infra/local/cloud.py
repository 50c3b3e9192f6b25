"""The local cloud as one object: engine, stack, fake platforms, people."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from hark.providers import contract

from infra.expand import ROOT
from infra.local import people, stack
from infra.local.asgi import Receive, Scope, Send
from infra.local.engine import HOST, Engine, free_port, require_free
from infra.local.logs import Logs
from infra.local.sign_in import PREFIX, SignIn
from infra.local.warm import Warmer
from infra.local.web import Web


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports: of the desk, of the AWS API, and from which on the fake platforms listen, one port each.

    `fakes` 0 takes free ports.
    """

    web: int = 8080
    engine: int = 8081
    fakes: int = 8082

    def fake(self, provider: str) -> int:
        """The port of a provider's fake: X's is the first, the others follow in the order of their names."""
        order = sorted(contract.names(), key=lambda name: (name != "x", name))
        return self.fakes + order.index(provider) if self.fakes else free_port()


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen when starting.

    Args:
        ports: where to listen.
        settings: fields of the brand's policy that differ from the shipped one.
        poll_schedule: how often the poller runs; a schedule expression.
        environment: further environment variables, by logical id of the function.
        all_logs: show every line the functions log, not only warnings and errors.
        parameters: further template parameters.
    """

    ports: Ports = field(default_factory=Ports)
    settings: Mapping[str, Any] = field(default_factory=dict)
    poll_schedule: str = "rate(1 minute)"
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    all_logs: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)


class Cloud:
    """Hark on this machine, from construction until `close`. One per process.

    Attributes:
        stack: the created stack.
        desk: the desk's address.
        fakes: address of each provider's fake.
        seconds: how long the start took.

    Raises:
        infra.local.engine.PortTaken: a port is in use.
        infra.local.stack.StackFailed: the template could not be created.
    """

    def __init__(self, options: Options) -> None:
        begun = time.monotonic()
        ports = options.ports
        taken = {provider: ports.fake(provider) for provider in sorted(contract.names())}
        for provider, port in taken.items():
            require_free(port, f"the fake {provider}")
        self.desk = f"http://{HOST}:{ports.web}"
        self.fakes = {provider: f"http://{HOST}:{port}" for provider, port in taken.items()}
        self.passwords = people.Passwords()
        with ExitStack() as parts:
            web = Web(SignIn(engine_app, ports.engine, self.passwords))
            self.engine = parts.enter_context(Engine(ports.engine, ports.web, web))
            self.stack = stack.create(
                {
                    "Brand": people.BRAND,
                    "DeskOrigin": self.desk,
                    "ProviderEndpoints": " ".join(f"{name}={address}" for name, address in self.fakes.items()),
                    "PollSchedule": options.poll_schedule,
                    "DeletionProtection": "false",
                    **options.parameters,
                },
                self._environment(options),
            )
            parts.enter_context(Logs(stack.client("logs"), self.stack.log_groups(), options.all_logs))
            people.connect(self.stack.outputs, options.settings)
            people.enrol(self.stack.outputs, self.passwords)
            for provider, port in taken.items():
                fake = contract.load(provider, "fake")
                parts.enter_context(fake.Fake(port, f"{self.desk}/webhooks/{provider}"))
            web.serve_api(self.stack.outputs["HttpApiId"], self.stack.properties("AWS::ApiGatewayV2::Stage"))
            parts.enter_context(Warmer(self.stack.functions()))
            self._parts = parts.pop_all()
        self.seconds = time.monotonic() - begun

    def close(self) -> None:
        """Stop everything that was started."""
        self._parts.close()

    def _environment(self, options: Options) -> dict[str, dict[str, str]]:
        """What functions are told that differs from a deployed stack."""
        differing = {
            "DeskApiFunction": {"FRONTEND_PATH": str(ROOT / "frontend"), "SIGN_IN_URL": f"{self.desk}{PREFIX}"}
        }
        for function, variables in options.environment.items():
            differing.setdefault(function, {}).update(variables)
        return differing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def engine_app(scope: Scope, receive: Receive, send: Send) -> None:
    """The engine's own ASGI app."""
    # Only now: the engine reads its settings at import.
    from ministack.app import app

    await app(scope, receive, send)
