"""The numbers that all OctoStore SDKs share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """Same names as in the SDKs' `rules.json`."""

    default_base_url: str = "http://localhost:3000"
    lock_name_pattern: str = "^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$"
    lock_name_length_max: int = 256
    lock_name_component_length_max: int = 64
    ttl_seconds_min: int = 1
    ttl_seconds_max: int = 3600
    ttl_seconds_default: int = 60
    session_ttl_seconds_min: int = 10
    session_ttl_seconds_max: int = 300
    session_ttl_seconds_default: int = 60
    wait_seconds_per_request_max: int = 60
    wait_slice_seconds_default: int = 25
    metadata_bytes_max: int = 1024
    timeout_ms_default: int = 10_000
    repeats_max: int = 3
    repeat_delay_ms_first: int = 100
    repeat_delay_ms_max: int = 2000
    retry_after_ms_max: int = 5000
    renewals_per_ttl: int = 3
    renewal_timeouts_per_ttl: int = 6
    close_ms_max_when_lost: int = 1000
    release_again_delay_ms_first: int = 500
    release_again_delay_ms_second: int = 2000
    margin_fraction: float = 0.1
    margin_ms_min: int = 100
    margin_ms_max: int = 5000
    watch_silence_ms_max: int = 45_000
    webhook_tolerance_seconds: int = 300


RULES = Rules()

LOCK_DELAY_SECONDS_MAX = 60
"""For how long a lock may be kept from everyone after its lease. The rules of all SDKs do not have it yet."""
