package io.octostore.client.internal;

/** The numbers that all OctoStore SDKs share, under their common names. */
public final class Rules {
    public static final String DEFAULT_BASE_URL = "http://localhost:3000";
    public static final String LOCK_NAME_PATTERN = "^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$";
    public static final int LOCK_NAME_LENGTH_MAX = 256;
    public static final int LOCK_NAME_COMPONENT_LENGTH_MAX = 64;
    public static final int TTL_SECONDS_MIN = 1;
    public static final int TTL_SECONDS_MAX = 3600;
    public static final int TTL_SECONDS_DEFAULT = 60;
    public static final int SESSION_TTL_SECONDS_MIN = 10;
    public static final int SESSION_TTL_SECONDS_MAX = 300;
    public static final int SESSION_TTL_SECONDS_DEFAULT = 60;
    public static final int WAIT_SECONDS_PER_REQUEST_MAX = 60;
    public static final int METADATA_BYTES_MAX = 1024;
    public static final int TIMEOUT_MS_DEFAULT = 10_000;
    public static final int REPEATS_MAX = 3;
    public static final int REPEAT_DELAY_MS_FIRST = 100;
    public static final int REPEAT_DELAY_MS_MAX = 2000;
    public static final int RETRY_AFTER_MS_MAX = 5000;
    public static final int RENEWALS_PER_TTL = 3;
    public static final double MARGIN_FRACTION = 0.1;
    public static final int MARGIN_MS_MIN = 100;
    public static final int MARGIN_MS_MAX = 5000;
    public static final int WATCH_SILENCE_MS_MAX = 45_000;
    public static final int WEBHOOK_TOLERANCE_SECONDS = 300;
    /** How long one request waits in line, unless the client or the call says otherwise. */
    public static final int WAIT_SLICE_SECONDS_DEFAULT = 25;
    /** How long closing something that was lost by time may take. */
    public static final int CLOSE_MS_MAX_WHEN_LOST = 1000;
    /** How many attempts at a renewal fit into a TTL, if each hangs until its timeout. */
    public static final int RENEWAL_TIMEOUTS_PER_TTL = 6;
    /** How long to wait before releasing an abandoned lease again if the server does not know it. */
    public static final int RELEASE_AGAIN_DELAY_MS_FIRST = 500;

    public static final int RELEASE_AGAIN_DELAY_MS_SECOND = 2000;

    private Rules() {}
}
