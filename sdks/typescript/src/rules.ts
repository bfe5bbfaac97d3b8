/** The numbers that all OctoStore SDKs share. */
export const RULES = {
  default_base_url: 'http://localhost:3000',
  lock_name_pattern: '^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$',
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
  /** How long one request waits in line, unless the client or the call says otherwise. */
  wait_slice_seconds_default: 25,
  /** How long closing something that was lost by time may take. */
  close_ms_max_when_lost: 1000,
  /** How many attempts at a renewal fit into a TTL, if each hangs until its timeout. */
  renewal_timeouts_per_ttl: 6,
  /** How long to wait before releasing an abandoned lease again if the server does not know it. */
  release_again_delay_ms_first: 500,
  release_again_delay_ms_second: 2000,
} as const;

/** @deprecated They are in `RULES`. */
export const REAL_PROGRAMS_RULES = {
  wait_slice_seconds_default: RULES.wait_slice_seconds_default,
  close_ms_max_when_lost: RULES.close_ms_max_when_lost,
  renewal_timeouts_per_ttl: RULES.renewal_timeouts_per_ttl,
} as const;

/** @deprecated These numbers no longer depend on the number of servers. Use `RULES`. */
export const SEVERAL_SERVERS_RULES = {
  renewal_timeouts_per_ttl: RULES.renewal_timeouts_per_ttl,
  wait_seconds_per_server_max: RULES.wait_slice_seconds_default,
} as const;

/** For how long a lock may be kept from everyone, in seconds. */
export const COOLING_RULES = { lock_delay_seconds_max: 60 } as const;
