"""Checks before anything is sent. Each raises `ValidationError`."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from ._errors import ValidationError
from ._rules import RULES

_NAME = re.compile(RULES.lock_name_pattern)
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")


def check_name(name: str) -> None:
    """Check that the server accepts this lock name."""
    if len(name) > RULES.lock_name_length_max:
        raise ValidationError(f"A lock name must have at most {RULES.lock_name_length_max} characters.")
    # `match` would accept a trailing line feed.
    if not _NAME.fullmatch(name):
        raise ValidationError(
            "A lock name consists of components of letters, digits, '.', '_' and '-', "
            "separated by single slashes."
        )
    for component in name.split("/"):
        _check_component(component)


def check_ttl(seconds: int) -> None:
    """Check that this is a valid TTL for a lease."""
    _check_whole("ttl_seconds", seconds, RULES.ttl_seconds_min, RULES.ttl_seconds_max)


def check_session_ttl(seconds: int) -> None:
    """Check that this is a valid TTL for a session."""
    _check_whole("ttl_seconds", seconds, RULES.session_ttl_seconds_min, RULES.session_ttl_seconds_max)


def check_wait(seconds: float) -> None:
    """Check that this is a valid time to wait."""
    if not seconds >= 0:
        raise ValidationError("wait_seconds must be 0 or more.")


def check_timeout(seconds: float) -> None:
    """Check that this is a valid timeout."""
    if not seconds > 0:
        raise ValidationError("timeout_seconds must be more than 0.")


def checked_base_url(text: str) -> SplitResult:
    """Return the parts of a base URL. The error does not quote it, because a URL can contain credentials."""
    url = _split(text) if _VISIBLE_ASCII.fullmatch(text) else None
    if url is None or url.scheme not in {"http", "https"} or not url.hostname:
        raise ValidationError("The base URL must be an http or https URL.")
    if url.username is not None or url.password is not None:
        raise ValidationError("The base URL must not hold credentials: give the token by itself.")
    return url


def check_token(token: str) -> None:
    """Check that the token can be sent in a header. The error does not quote it."""
    if not _VISIBLE_ASCII.fullmatch(token):
        raise ValidationError("The token must consist of visible ASCII characters.")


def _split(text: str) -> SplitResult | None:
    try:
        url = urlsplit(text)
        # Reading the port validates it.
        return None if url.port == 0 else url
    except ValueError:
        return None


def _check_component(component: str) -> None:
    if len(component) > RULES.lock_name_component_length_max:
        raise ValidationError(
            "Each component of a lock name must have at most "
            f"{RULES.lock_name_component_length_max} characters."
        )
    if component in {".", ".."}:
        raise ValidationError("A component of a lock name must not be '.' or '..'.")


def _check_whole(what: str, value: int, minimum: int, maximum: int) -> None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not minimum <= value <= maximum:
        raise ValidationError(f"{what} must be a whole number from {minimum} to {maximum}.")
