"""Calls to X with tweepy, under our own host, time limits and reading of errors.

tweepy's client makes every call through `client.session`. Ours replaces it: it puts our host in place of
tweepy's constant, sets the time limits tweepy does not have, follows no redirect, tries nothing twice, and
turns every answer but a 2xx into `Unsuccessful` before tweepy's own error classes see it (they fall over an
error body that is a list, and over a reset header that is no number).

`Unsuccessful` is X's view of a call; `call_failed` turns it into the contract's for calls without effect.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy
import urllib3.exceptions

from hark.providers.contract import CallFailed, Credentials, NotSent
from hark.providers.strict_json import NotStrictJson, loads
from hark.providers.x import failures

CONNECT_SECONDS = 3
READ_SECONDS = 8
WHOLE_ANSWER_SECONDS = 12
"""Bound on the body of an answer, against one that drips. A sender's lease must outlast all three together."""

_MAX_BYTES = 4_000_000
_TWEEPYS_HOST = "https://api.twitter.com"
OF_THE_USER = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
"""What signs calls as the brand's user (OAuth 1.0a)."""
OF_THE_APP = ("bearer_token",)
"""What signs calls as the application alone."""
# All of these write texts or signature base strings to the log when somebody turns on DEBUG.
_TALKATIVE = ("tweepy", "oauthlib", "requests_oauthlib", "urllib3")
_OLD_WORDS = re.compile(
    rb"(tweet\.fields|edit_history_tweet|referenced_tweets|note_tweet|author_id|in_reply_to_user_id)"
)
_OLD_DIRECT_WORDS = re.compile(rb"(dm_event\.fields|sender_id)")

USER_FIELDS = "username,name,protected,profile_image_url,public_metrics"
OLD_WORDS: Mapping[str, str] = {
    "tweet.fields": "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,entities,lang,"
    "display_text_range,edit_history_tweet_ids,note_tweet,public_metrics",
    "expansions": "author_id",
    "user.fields": USER_FIELDS,
}
NEW_WORDS: Mapping[str, str] = {
    "post.fields": "created_at,conversation_id,entities,lang,display_text_range,note_post,public_metrics",
    "expansions": "author_id,in_reply_to_user_id,referenced_posts,edit_history_post_ids",
    "user.fields": USER_FIELDS,
}
OLD_DIRECT_WORDS: Mapping[str, str] = {
    "dm_event.fields": "id,text,event_type,created_at,sender_id,dm_conversation_id,attachments",
}
NEW_DIRECT_WORDS: Mapping[str, str] = {
    "dm_event.fields": "id,text,event_type,created_at,dm_conversation_id,attachments",
    "expansions": "sender_id",
}


def utc_now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


class Unsuccessful(Exception):
    """A call that did not end in a 2xx. `why` says what that means for a send."""

    def __init__(self, why: NotSent, status: int = 0, body: bytes = b"") -> None:
        super().__init__(why.code)
        self.why = why
        self.status = status
        self.body = body

    def names(self, words: re.Pattern[bytes]) -> bool:
        """Whether X refused the request as such (400) and `words` are in what it says."""
        return self.status == 400 and words.search(self.body) is not None

    def says(self, word: str) -> bool:
        """Whether `word`, a name X gives to an error, is in what X says."""
        return word.encode() in self.body


def call_failed(failed: Unsuccessful) -> CallFailed:
    """What a failed call without effect means to the desk."""
    return CallFailed(failed.why.code, failed.why.retry_at, failed.why.detail)


@contextmanager
def connect(
    credentials: Credentials, endpoint: str, now: Callable[[], datetime], *, needed: tuple[str, ...] = OF_THE_USER,
    direct: bool = False,
) -> Iterator[tweepy.Client]:  # fmt: skip
    """A tweepy client of the account, for a few calls. `endpoint` is scheme, host and port.

    `needed` are the names of the credentials without which no call is tried; `direct` says that a private message is
    to be sent, so that a refusal concerns its addressee.

    A connection lives no longer than the caller's turn: one that slept in a frozen sandbox may be cut, and a
    post on it would end as "unknown" for nothing.

    Raises:
        Unsuccessful: `not_set_up`, a credential is missing.
    """
    missing = [name for name in needed if not credentials.get(name)]
    if missing:
        raise Unsuccessful(NotSent("not_set_up", detail=missing[0]))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)
    client = tweepy.Client(
        **{name: credentials[name] for name in needed}, return_type=requests.Response, wait_on_rate_limit=False
    )
    client.session.close()
    client.session = _Session(endpoint.rstrip("/"), now, direct)
    try:
        yield client
    finally:
        client.session.close()


def read(response: requests.Response) -> dict[str, Any]:
    """The JSON object of a 2xx.

    Raises:
        Unsuccessful: `no_answer`, it is something else (HTML, half an answer, a list).
    """
    try:
        answer = loads(response.content)
    except NotStrictJson:
        answer = None
    if not isinstance(answer, dict):
        raise Unsuccessful(failures.no_answer("unreadable_answer"))
    return answer


def get_posts(
    client: tweepy.Client, route: str, params: Mapping[str, str], words: Mapping[str, str], *, as_user: bool = True
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """GET a page of posts, asking in `words`; when X no longer knows the old words, once more in the new ones.

    Returns the answer and the words that worked. `as_user` signs as the brand's user, else the application asks.

    Raises:
        Unsuccessful: neither worked.
    """
    try:
        return read(client.request("GET", route, params={**params, **words}, user_auth=as_user)), words
    except Unsuccessful as failed:
        if words is not OLD_WORDS or not failed.names(_OLD_WORDS):
            raise
    return read(client.request("GET", route, params={**params, **NEW_WORDS}, user_auth=as_user)), NEW_WORDS


def get_direct_messages(
    client: tweepy.Client, route: str, params: Mapping[str, str], words: Mapping[str, str]
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """As `get_posts`, for a page of direct messages.

    Raises:
        Unsuccessful: neither vocabulary worked.
    """
    try:
        return read(client.request("GET", route, params={**params, **words}, user_auth=True)), words
    except Unsuccessful as failed:
        if words is not OLD_DIRECT_WORDS or not failed.names(_OLD_DIRECT_WORDS):
            raise
    both = {**params, **NEW_DIRECT_WORDS}
    return read(client.request("GET", route, params=both, user_auth=True)), NEW_DIRECT_WORDS


class _Session(requests.Session):
    def __init__(self, endpoint: str, now: Callable[[], datetime], direct: bool) -> None:
        super().__init__()
        # Neither a proxy nor a .netrc of the machine may stand between us and X.
        self.trust_env = False
        self._endpoint = endpoint
        self._now = now
        self._direct = direct

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override]
        route = str(url).removeprefix(_TWEEPYS_HOST)
        if not route.startswith("/2/"):
            raise ValueError("tweepy calls a host that we do not know how to replace")
        options |= {"timeout": (CONNECT_SECONDS, READ_SECONDS), "allow_redirects": False, "stream": True}
        try:
            response = super().request(method, self._endpoint + route, **options)
        except requests.ConnectTimeout:
            raise Unsuccessful(failures.never_sent(self._now())) from None
        except requests.ReadTimeout:
            raise Unsuccessful(failures.no_answer("no_answer")) from None
        except requests.ConnectionError as broken:
            raise Unsuccessful(
                failures.never_sent(self._now()) if _never_opened(broken) else failures.no_answer("cut_off")
            ) from None
        status = response.status_code
        try:
            body = _whole(response)
        except (urllib3.exceptions.HTTPError, OSError, TimeoutError):
            # A refusal is known by its status, whatever becomes of its body.
            if not 400 <= status < 500:
                raise Unsuccessful(failures.no_answer("cut_off"), status) from None
            body = b""
        finally:
            response.close()
        if not 200 <= status < 300:
            why = failures.refusal(status, response.headers, body, self._now(), direct=self._direct)
            raise Unsuccessful(why, status, body)
        response._content = body
        return response


def _whole(response: requests.Response) -> bytes:
    until = time.monotonic() + WHOLE_ANSWER_SECONDS
    body = b""
    while piece := response.raw.read1(65_536, decode_content=True):
        body += piece
        if len(body) > _MAX_BYTES or time.monotonic() > until:
            raise TimeoutError
    return body


def _never_opened(broken: requests.ConnectionError) -> bool:
    cause = broken.args[0] if broken.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return True
    return any(isinstance(inner, ssl.SSLCertVerificationError) for inner in getattr(reason, "args", ()))
