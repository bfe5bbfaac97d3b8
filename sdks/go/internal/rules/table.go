package rules

import "time"

// Table returns the numbers under their names in rules.json, and in its units, so that they can be compared.
func Table() map[string]any {
	return map[string]any{
		"default_base_url":               DefaultBaseURL,
		"lock_name_pattern":              LockNamePattern,
		"lock_name_length_max":           LockNameLengthMax,
		"lock_name_component_length_max": LockNameComponentLengthMax,
		"ttl_seconds_min":                seconds(TTLMin),
		"ttl_seconds_max":                seconds(TTLMax),
		"ttl_seconds_default":            seconds(TTLDefault),
		"session_ttl_seconds_min":        seconds(SessionTTLMin),
		"session_ttl_seconds_max":        seconds(SessionTTLMax),
		"session_ttl_seconds_default":    seconds(SessionTTLDefault),
		"wait_seconds_per_request_max":   seconds(WaitPerRequestMax),
		"metadata_bytes_max":             MetadataBytesMax,
		"timeout_ms_default":             TimeoutDefault.Milliseconds(),
		"repeats_max":                    RepeatsMax,
		"repeat_delay_ms_first":          RepeatDelayFirst.Milliseconds(),
		"repeat_delay_ms_max":            RepeatDelayMax.Milliseconds(),
		"retry_after_ms_max":             RetryAfterMax.Milliseconds(),
		"renewals_per_ttl":               RenewalsPerTTL,
		"margin_fraction":                MarginFraction,
		"margin_ms_min":                  MarginMin.Milliseconds(),
		"margin_ms_max":                  MarginMax.Milliseconds(),
		"watch_silence_ms_max":           WatchSilenceMax.Milliseconds(),
		"webhook_tolerance_seconds":      seconds(WebhookTolerance),
		"wait_slice_seconds_default":     seconds(WaitSliceDefault),
		"close_ms_max_when_lost":         CloseMaxWhenLost.Milliseconds(),
		"renewal_timeouts_per_ttl":       RenewalTimeoutsPerTTL,
		"release_again_delay_ms_first":   ReleaseAgainDelayFirst.Milliseconds(),
		"release_again_delay_ms_second":  ReleaseAgainDelaySecond.Milliseconds(),
	}
}

func seconds(d time.Duration) int {
	return int(d / time.Second)
}
