"""Secrets of providers and accounts, from the parameter store, kept in memory for a few minutes.

Standard library and botocore only: the webhook function reads its signing keys here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

MAX_AGE_SECONDS = 300
"""A rotated secret is taken up after at most so long; until then the old one is used (F29, F30)."""


class SecretUnavailable(Exception):
    """The parameter store does not answer, and what is in memory is too old to be used."""


class Secrets:
    """SecureStrings holding a JSON object of strings.

    `<path>/<provider>/app` for the application, `…/accounts/<id>` for what an account needs to act, and, where each
    account signs its own deliveries, `…/signing/<id>`: the door may read that and not what acts.
    """

    def __init__(self, client: SSMClient, path: str) -> None:
        self._client = client
        self._path = path
        self._kept: dict[str, tuple[float, dict[str, str]]] = {}

    def app(self, provider: str) -> dict[str, str]:
        """The provider application's secrets; empty when none are configured."""
        return self._read(f"{provider}/app")

    def signing(self, provider: str, account_id: str) -> dict[str, str]:
        """What proves the deliveries of an account that signs them itself."""
        return self._read(f"{provider}/signing/{account_id}")

    def account(self, provider: str, account_id: str) -> dict[str, str]:
        """What an account needs to act: the application's secrets and its own."""
        return {**self.app(provider), **self._read(f"{provider}/accounts/{account_id}")}

    def signing_receipts(self) -> dict[str, str]:
        """Keys for receipts of erasures, by name; `now` names the one that signs, the others still prove older ones.
        The first is made when it is first needed."""
        name = "receipts/keys"
        known = self._read(name)
        if known:
            return known
        fresh = {"now": "k1", "k1": token_hex(32)}
        try:
            self._client.put_parameter(
                Name=f"{self._path}/{name}", Value=json.dumps(fresh), Type="SecureString", Overwrite=False
            )
        except self._client.exceptions.ParameterAlreadyExists:
            return self._read(name)  # somebody else was first
        return fresh

    def forget(self, provider: str, account_id: str) -> None:
        """Read an account's secrets anew the next time: what we hold was refused."""
        self._kept.pop(f"{provider}/app", None)
        self._kept.pop(f"{provider}/accounts/{account_id}", None)

    def renew(self, provider: str, account_id: str, values: Mapping[str, str]) -> None:
        """Store new values of some of an account's secrets. Every botocore error: nothing is stored."""
        name = f"{provider}/accounts/{account_id}"
        self.forget(provider, account_id)
        stored = {**self._read(name), **values}
        self._client.put_parameter(
            Name=f"{self._path}/{name}", Value=json.dumps(stored), Type="SecureString", Overwrite=True
        )
        self.forget(provider, account_id)

    def _read(self, name: str) -> dict[str, str]:
        from botocore.exceptions import BotoCoreError, ClientError

        kept = self._kept.get(name)
        if kept and time.monotonic() - kept[0] < MAX_AGE_SECONDS:
            return kept[1]
        try:
            answer = self._client.get_parameter(Name=f"{self._path}/{name}", WithDecryption=True)
        except self._client.exceptions.ParameterNotFound:
            return {}
        except (ClientError, BotoCoreError) as error:
            raise SecretUnavailable(name) from error
        said = json.loads(answer["Parameter"]["Value"])
        values = {name: value for name, value in said.items() if isinstance(value, str)}
        self._kept[name] = (time.monotonic(), values)
        return values
