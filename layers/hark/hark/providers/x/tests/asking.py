"""Asking the fake X: its control plane, X's API as the brand's user, and what has arrived."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import requests
from requests_oauthlib import OAuth1

from hark.providers.x.fake import SECRETS, Fake
from hark.providers.x.inbound import parse

from .conftest import Receiver
from .signing import split


def control(x: Fake, method: str, path: str, value: object = None) -> Any:
    body = None if value is None else json.dumps(value).encode()
    headers = {"content-type": "application/json"}
    answer = requests.request(method, f"{x.url}/_fake/{path}", data=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def post(x: Fake, text: str, **more: object) -> Any:
    return control(x, "POST", "posts", {"author": "kim_l", "text": text, **more})


def events(receiver: Receiver) -> list[Any]:
    return [
        event
        for body in receiver.bodies
        for raw in split(body)
        for event in parse(raw, frozenset((raw.kind,)), raw.account_id, datetime.now(UTC))
    ]


def kinds(receiver: Receiver) -> list[str]:
    return [raw.kind for body in receiver.bodies for raw in split(body)]


def signed(x: Fake, method: str, path: str, **more: Any) -> requests.Response:
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    user = OAuth1(*(SECRETS["5550001"][name] for name in names))
    return requests.request(method, x.url + path, auth=user, timeout=5, **more)


def mentions(x: Fake) -> Any:
    return signed(x, "GET", "/2/users/5550001/mentions?max_results=100").json()


def reply_to(x: Fake, post_id: str, text: str = "hi", **more: object) -> requests.Response:
    return signed(x, "POST", "/2/tweets", json={"text": text, "reply": {"in_reply_to_tweet_id": post_id}, **more})
