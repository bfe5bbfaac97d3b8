"""Webhook signatures."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Iterable
from typing import Protocol

from ._errors import SignatureError
from ._rules import RULES

_BASE64_KEY_PREFIX = "whsec_"


class HeaderItems(Protocol):
    """Headers as HTTP frameworks provide them: a dict, or anything else with `items`."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return names and values."""


def verify_webhook(
    secret: str, headers: HeaderItems, body: str | bytes, now_seconds: float | None = None
) -> None:
    """Check that a webhook delivery was signed with the secret, with a timestamp at most five minutes off.

    Remember `webhook-id` to recognise repeats.

    Args:
        secret: The secret of the webhook.
        headers: As your HTTP server provides them, in any letter case.
        body: Exactly the bytes received, or their text.
        now_seconds: The current time, in seconds since 1970. Now by default.

    Raises:
        SignatureError: If the check fails.

    """
    values = {name.lower(): value for name, value in headers.items()}
    timestamp = values.get("webhook-timestamp", "")
    _check_time(timestamp, time.time() if now_seconds is None else now_seconds)
    signed = f"{values.get('webhook-id', '')}.{timestamp}.".encode() + _bytes_of(body)
    expected = hmac.digest(_key_of(secret), signed, "sha256")
    signatures = values.get("webhook-signature", "").split(" ")
    if not any(_matches(signature, expected) for signature in signatures):
        raise SignatureError("the signature does not match")


def _check_time(timestamp: str, now_seconds: float) -> None:
    is_number = timestamp.isascii() and timestamp.isdigit()
    if not is_number or abs(now_seconds - float(timestamp)) > RULES.webhook_tolerance_seconds:
        raise SignatureError("the time stamp is missing or too far off")


def _key_of(secret: str) -> bytes:
    if not secret.startswith(_BASE64_KEY_PREFIX):
        key = secret.encode()
    else:
        key = _decoded(secret.removeprefix(_BASE64_KEY_PREFIX))
    if not key:
        raise SignatureError("the secret holds no key")
    return key


def _matches(signature: str, expected: bytes) -> bool:
    version, _, encoded = signature.partition(",")
    return version == "v1" and hmac.compare_digest(_decoded(encoded), expected)


def _decoded(text: str) -> bytes:
    """Decode base64, with or without padding. Returns no bytes if the text is not base64."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""


def _bytes_of(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body
