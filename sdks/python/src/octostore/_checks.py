"""Checks before anything is sent. Each raises `ValidationError`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from ._errors import ValidationError
from ._rules import LOCK_DELAY_SECONDS_MAX, RULES

_NAME = re.compile(RULES.lock_name_pattern)
_FENCING_TOKEN_MAX = 2**53 - 1
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")


def check_name(name: str, what: str = "lock") -> None:
    """Check that the server accepts this name of a lock, or of something else with such names."""
    if len(name) > RULES.lock_name_length_max:
        raise ValidationError(f"A {what} name must have at most {RULES.lock_name_length_max} characters.")
    # `match` would accept a trailing line feed.
    if not _NAME.fullmatch(name):
        raise ValidationError(
            f"A {what} name consists of components of letters, digits, '.', '_' and '-', "
            "separated by single slashes."
        )
    for component in name.split("/"):
        _check_component(component, what)


def check_ttl(seconds: int) -> None:
    """Check that this is a valid TTL for a lease."""
    _check_whole("ttl_seconds", seconds, RULES.ttl_seconds_min, RULES.ttl_seconds_max)


def check_session_ttl(seconds: int) -> None:
    """Check that this is a valid TTL for a session."""
    _check_whole("ttl_seconds", seconds, RULES.session_ttl_seconds_min, RULES.session_ttl_seconds_max)


def check_fencing_token(token: int) -> None:
    """Check that this can be a fencing token."""
    _check_whole("fencing_token", token, 1, _FENCING_TOKEN_MAX)


def check_cooling(lock_delay_seconds: int | None, min_hold_seconds: int | None, ttl_seconds: int) -> None:
    """Check that a lock may be kept from everyone for these times."""
    if lock_delay_seconds is not None:
        _check_whole("lock_delay_seconds", lock_delay_seconds, 0, LOCK_DELAY_SECONDS_MAX)
    if min_hold_seconds is not None:
        _check_whole("min_hold_seconds", min_hold_seconds, 0, ttl_seconds)


def check_wait(seconds: float) -> None:
    """Check that this is a valid time to wait."""
    if not seconds >= 0:
        raise ValidationError("wait_seconds must be 0 or more.")


def check_wait_slice(seconds: float) -> None:
    """Check that a request may wait for this long."""
    if not 1 <= seconds <= RULES.wait_seconds_per_request_max:
        raise ValidationError(
            f"wait_slice_seconds must be from 1 to {RULES.wait_seconds_per_request_max} seconds."
        )


def check_timeout(seconds: float) -> None:
    """Check that this is a valid timeout."""
    if not seconds > 0:
        raise ValidationError("timeout_seconds must be more than 0.")


def checked_base_urls(given: str | Sequence[str]) -> dict[str, SplitResult]:
    """Return the parts of one or several base URLs, in a sequence or separated by commas.

    Each has itself without a trailing slash as its key. The error quotes none of them, because a URL can
    contain credentials.
    """
    texts = [text.strip(" ") for several in _as_list(given) for text in several.split(",")]
    urls = [_checked_base_url(text) for text in texts if text] or [_checked_base_url("")]
    return {f"{url.scheme}://{url.netloc}{url.path}".rstrip("/"): url for url in urls}


def _as_list(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _checked_base_url(text: str) -> SplitResult:
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


def _check_component(component: str, what: str) -> None:
    if len(component) > RULES.lock_name_component_length_max:
        raise ValidationError(
            f"Each component of a {what} name must have at most "
            f"{RULES.lock_name_component_length_max} characters."
        )
    if component in {".", ".."}:
        raise ValidationError(f"A component of a {what} name must not be '.' or '..'.")


def _check_whole(what: str, value: int, minimum: int, maximum: int) -> None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or not minimum <= value <= maximum:
        raise ValidationError(f"{what} must be a whole number from {minimum} to {maximum}.")
