use serde::Serialize;

/// The numbers that all OctoStore SDKs share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Rules {
    /// Default base URL of a client.
    pub default_base_url: &'static str,
    /// The regular expression for lock names.
    pub lock_name_pattern: &'static str,
    /// Maximum length of a lock name, in characters.
    pub lock_name_length_max: usize,
    /// Maximum length of a component of a lock name, in characters.
    pub lock_name_component_length_max: usize,
    /// Minimum TTL of a lease, in seconds.
    pub ttl_seconds_min: u32,
    /// Maximum TTL of a lease, in seconds.
    pub ttl_seconds_max: u32,
    /// Default TTL of a lease, in seconds.
    pub ttl_seconds_default: u32,
    /// Minimum TTL of a session, in seconds.
    pub session_ttl_seconds_min: u32,
    /// Maximum TTL of a session, in seconds.
    pub session_ttl_seconds_max: u32,
    /// Default TTL of a session, in seconds.
    pub session_ttl_seconds_default: u32,
    /// Maximum wait of one request, in seconds.
    pub wait_seconds_per_request_max: u64,
    /// Maximum size of the metadata, in bytes.
    pub metadata_bytes_max: usize,
    /// Default timeout of one HTTP attempt, in milliseconds.
    pub timeout_ms_default: u64,
    /// Maximum number of retries of a call.
    pub repeats_max: u32,
    /// Upper bound of the delay before the first retry, in milliseconds. It doubles with each retry.
    pub repeat_delay_ms_first: u64,
    /// Upper bound of the delay before any retry, in milliseconds.
    pub repeat_delay_ms_max: u64,
    /// Longest `Retry-After` that the client waits for, in milliseconds.
    pub retry_after_ms_max: u64,
    /// Number of renewals per TTL.
    pub renewals_per_ttl: u32,
    /// How long before its TTL ends a lease or session counts as lost, as a fraction of the TTL.
    pub margin_fraction: f64,
    /// Minimum of that time, in milliseconds.
    pub margin_ms_min: u64,
    /// Maximum of that time, in milliseconds.
    pub margin_ms_max: u64,
    /// Silence after which an event stream counts as broken, in milliseconds.
    pub watch_silence_ms_max: u64,
    /// How far off the timestamp of a webhook delivery may be, in seconds.
    pub webhook_tolerance_seconds: u64,
    /// How long one request waits in line, unless the client or the call says otherwise, in seconds.
    pub wait_slice_seconds_default: u64,
    /// How long closing something that was lost by time may take, and closing everything at exit, in milliseconds.
    pub close_ms_max_when_lost: u64,
    /// How many attempts at a renewal fit into a TTL if each hangs.
    pub renewal_timeouts_per_ttl: u32,
    /// Delay before an abandoned lease that the server did not know is released again, in milliseconds.
    pub release_again_delay_ms_first: u64,
    /// Delay before it is released for the last time, in milliseconds.
    pub release_again_delay_ms_second: u64,
}

/// The numbers that all OctoStore SDKs share.
pub const RULES: Rules = Rules {
    default_base_url: "http://localhost:3000",
    lock_name_pattern: "^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$",
    lock_name_length_max: 256,
    lock_name_component_length_max: 64,
    ttl_seconds_min: 1,
    ttl_seconds_max: 3600,
    ttl_seconds_default: 60,
    session_ttl_seconds_min: 10,
    session_ttl_seconds_max: 300,
    session_ttl_seconds_default: 60,
    wait_seconds_per_request_max: 60,
    metadata_bytes_max: 1024,
    timeout_ms_default: 10_000,
    repeats_max: 3,
    repeat_delay_ms_first: 100,
    repeat_delay_ms_max: 2000,
    retry_after_ms_max: 5000,
    renewals_per_ttl: 3,
    margin_fraction: 0.1,
    margin_ms_min: 100,
    margin_ms_max: 5000,
    watch_silence_ms_max: 45_000,
    webhook_tolerance_seconds: 300,
    wait_slice_seconds_default: 25,
    close_ms_max_when_lost: 1000,
    renewal_timeouts_per_ttl: 6,
    release_again_delay_ms_first: 500,
    release_again_delay_ms_second: 2000,
};
