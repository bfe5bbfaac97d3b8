"""Signatures, as HTTP frameworks give them; the conformance suite has the rest."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Iterable

import pytest

from octostore import SignatureError, verify_webhook

SECRET = "a-secret"
BODY = '{"event":"acquired","lock":"ä/b"}'


def headers_for(body: str, at: float, secret: str = SECRET) -> dict[str, str]:
    signed = f"msg-1.{int(at)}.{body}".encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()
    return {
        "Webhook-Id": "msg-1",
        "Webhook-Timestamp": str(int(at)),
        "Webhook-Signature": f"v1,{signature}",
    }


class Headers:
    """Headers of a framework that are no dict."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def items(self) -> Iterable[tuple[str, str]]:
        return iter(self._values.items())


def test_a_body_may_be_text_or_bytes() -> None:
    headers = headers_for(BODY, time.time())
    verify_webhook(SECRET, headers, BODY)
    verify_webhook(SECRET, headers, BODY.encode())
    verify_webhook(SECRET, Headers(headers), bytes(BODY.encode()))


def test_the_time_is_now_unless_told() -> None:
    headers = headers_for(BODY, time.time() - 301)
    with pytest.raises(SignatureError, match="time stamp"):
        verify_webhook(SECRET, headers, BODY)
    verify_webhook(SECRET, headers, BODY, now_seconds=time.time() - 300)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "١٢٣", "9" * 5000])
def test_a_time_stamp_that_is_none_is_refused(timestamp: str) -> None:
    headers = headers_for(BODY, time.time()) | {"Webhook-Timestamp": timestamp}
    with pytest.raises(SignatureError):
        verify_webhook(SECRET, headers, BODY)


@pytest.mark.parametrize("signature", ["", "v1", "v1,", "v1,ä", "v1,!", ",,,"])
def test_a_signature_that_is_none_is_refused(signature: str) -> None:
    headers = headers_for(BODY, time.time()) | {"Webhook-Signature": signature}
    with pytest.raises(SignatureError):
        verify_webhook(SECRET, headers, BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!"])
def test_a_secret_without_a_key_is_refused(secret: str) -> None:
    with pytest.raises(SignatureError, match="no key"):
        verify_webhook(secret, headers_for(BODY, time.time()), BODY)
