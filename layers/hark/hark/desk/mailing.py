"""One e-mail by Amazon SES (API v2), and what its answer means.

Source: Amazon SES API v2 reference, SendEmail, errors.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_COME_AGAIN = frozenset({"TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"})


class NotNow(Exception):
    """It was refused for the moment, and is surely not out."""


class Refused(Exception):
    """It was refused, and would be again: an address that is not verified, a paused account."""


class InDoubt(Exception):
    """Nobody can say whether it is out."""


def send(client: Any, sender: str, to: str, subject: str, text: str) -> None:
    """Send plain text to one address. The client must not repeat a call by itself.

    Raises:
        NotNow, Refused, InDoubt.
    """
    content = {
        "Simple": {
            "Subject": {"Data": subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
        }
    }
    try:
        client.send_email(FromEmailAddress=sender, Destination={"ToAddresses": [to]}, Content=content)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code", "") in _COME_AGAIN:
            raise NotNow from error
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500:
            raise InDoubt from error
        raise Refused from error
    except BotoCoreError as error:
        raise InDoubt from error
