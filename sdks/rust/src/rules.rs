use serde::Serialize;

/// The numbers that all OctoStore SDKs share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Rules {
    /// Where a client looks for the server unless it is told.
    pub default_base_url: &'static str,
    /// The regular expression for lock names.
    pub lock_name_pattern: &'static str,
    /// Characters in a lock name, at most.
    pub lock_name_length_max: usize,
    /// Characters between two slashes of a lock name, at most.
    pub lock_name_component_length_max: usize,
    /// Shortest lease, in seconds.
    pub ttl_seconds_min: u32,
    /// Longest lease, in seconds.
    pub ttl_seconds_max: u32,
    /// A lease unless it is told, in seconds.
    pub ttl_seconds_default: u32,
    /// Shortest life of a session without a keepalive, in seconds.
    pub session_ttl_seconds_min: u32,
    /// Longest life of a session without a keepalive, in seconds.
    pub session_ttl_seconds_max: u32,
    /// Life of a session without a keepalive unless it is told, in seconds.
    pub session_ttl_seconds_default: u32,
    /// How long the server lets one request wait, in seconds.
    pub wait_seconds_per_request_max: u64,
    /// Bytes of metadata, at most.
    pub metadata_bytes_max: usize,
    /// What one HTTP attempt may take unless it is told, in milliseconds.
    pub timeout_ms_default: u64,
    /// How often a call is repeated, at most.
    pub repeats_max: u32,
    /// Upper bound of the delay before the first repeat, in milliseconds. It doubles with each repeat.
    pub repeat_delay_ms_first: u64,
    /// Upper bound of any such delay, in milliseconds.
    pub repeat_delay_ms_max: u64,
    /// Longest `Retry-After` that is waited for, in milliseconds.
    pub retry_after_ms_max: u64,
    /// Renewals in the time of one TTL.
    pub renewals_per_ttl: u32,
    /// How long before its end something counts as lost, as a part of the TTL.
    pub margin_fraction: f64,
    /// Least such time, in milliseconds.
    pub margin_ms_min: u64,
    /// Greatest such time, in milliseconds.
    pub margin_ms_max: u64,
    /// Silence after which a stream of events counts as broken, in milliseconds.
    pub watch_silence_ms_max: u64,
    /// How far the time stamp of a webhook message may be off, in seconds.
    pub webhook_tolerance_seconds: u64,
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
};
