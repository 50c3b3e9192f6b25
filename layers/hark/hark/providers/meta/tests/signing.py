"""The signed bytes of Meta's test vectors, and how to sign others."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

SECRET = "0123456789abcdef0123456789abcdef"
HEADER = "x-hub-signature-256"

A = (
    b'{"object":"page","entry":[{"id":"100200300400","time":1795219201,"changes":[{"field":"feed","value":'
    b'{"item":"comment","verb":"add","comment_id":"555_777","post_id":"100200300400_555",'
    b'"parent_id":"100200300400_555","from":{"id":"9001","name":"Ana"},"created_time":1795219200,"message":"hi"}}]}]}'
)
B = (
    b'{"object":"page","entry":[{"id":"100200300400","time":1795219201000,"messaging":[{"sender":{"id":"9001"},'
    b'"recipient":{"id":"100200300400"},"timestamp":1795219200500,"message":{"mid":"m_A1",'
    b'"text":"caf\\u00e9 \\ud83d\\ude00 https:\\/\\/shop.example\\/x"}}]}]}'
)
C = (
    b'{"object":"instagram","entry":[{"id":"17841400000000001","time":1795219202,"changes":[{"field":"comments",'
    b'"value":{"id":"17900000000000001","text":"\\u03a0\\u03cc\\u03c3\\u03bf \\u03ba\\u03ac\\u03bd\\u03b5\\u03b9; '
    b'\\ud83d\\ude4f","from":{"id":"6001","username":"maria_k"},"media":{"id":"18000000000000001",'
    b'"media_product_type":"FEED"}}}]}]}'
)
DIGEST_A = "3b4c6575b146d98ea049c0dcf45bd0ccc54ba8455a7f4e8058e6e3a5f767d127"
DIGEST_B = "61b06f7196799fd2c7e2f1bb6cb8166eb545cc8b880d9e4ec9f848d60aa3ba6c"
DIGEST_C = "1a1ee6f7d6e53160a56c3bb8b5eefd622dfb3721dea4b49189d073456ee7bdc1"
D = (
    "HsM5WJtLORQ1qv3ALY7u4pKS63uIkbavUHL3G-xSDcE."
    "eyJ1c2VyX2lkIjoiMjE4NDcxIiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjE3OTUyMTkyMDB9"
)
"""A request to delete the data of the person 218471."""


def digest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_request(secret: str, payload: object) -> str:
    """A form's `signed_request`, as Meta makes it; bytes are taken as they are."""
    plain = payload if isinstance(payload, bytes) else json.dumps(payload, separators=(",", ":")).encode()
    written = base64.urlsafe_b64encode(plain).rstrip(b"=")
    signature = hmac.new(secret.encode(), written, hashlib.sha256).digest()
    return (base64.urlsafe_b64encode(signature).rstrip(b"=") + b"." + written).decode("ascii")
