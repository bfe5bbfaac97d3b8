<?php

declare(strict_types=1);

namespace OctoStore;

/** The numbers that all OctoStore SDKs share. */
final class Rules
{
    public const DEFAULT_BASE_URL = 'http://localhost:3000';
    public const LOCK_NAME_PATTERN = '^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$';
    public const LOCK_NAME_LENGTH_MAX = 256;
    public const LOCK_NAME_COMPONENT_LENGTH_MAX = 64;
    public const TTL_SECONDS_MIN = 1;
    public const TTL_SECONDS_MAX = 3600;
    public const TTL_SECONDS_DEFAULT = 60;
    public const SESSION_TTL_SECONDS_MIN = 10;
    public const SESSION_TTL_SECONDS_MAX = 300;
    public const SESSION_TTL_SECONDS_DEFAULT = 60;
    public const WAIT_SECONDS_PER_REQUEST_MAX = 60;
    public const METADATA_BYTES_MAX = 1024;
    public const TIMEOUT_MS_DEFAULT = 10_000;
    public const REPEATS_MAX = 3;
    public const REPEAT_DELAY_MS_FIRST = 100;
    public const REPEAT_DELAY_MS_MAX = 2000;
    public const RETRY_AFTER_MS_MAX = 5000;
    public const RENEWALS_PER_TTL = 3;
    public const MARGIN_FRACTION = 0.1;
    public const MARGIN_MS_MIN = 100;
    public const MARGIN_MS_MAX = 5000;
    public const WATCH_SILENCE_MS_MAX = 45_000;
    public const WEBHOOK_TOLERANCE_SECONDS = 300;
    public const WAIT_SLICE_SECONDS_DEFAULT = 25;
    public const CLOSE_MS_MAX_WHEN_LOST = 1000;
    public const RENEWAL_TIMEOUTS_PER_TTL = 6;
    public const RELEASE_AGAIN_DELAY_MS_FIRST = 500;
    public const RELEASE_AGAIN_DELAY_MS_SECOND = 2000;
}
