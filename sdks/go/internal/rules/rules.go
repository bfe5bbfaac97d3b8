// Package rules holds the numbers that all OctoStore SDKs share.
package rules

import "time"

// The numbers of rules.json, in Go's units.
const (
	DefaultBaseURL = "http://localhost:3000"

	LockNamePattern            = `^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$`
	LockNameLengthMax          = 256
	LockNameComponentLengthMax = 64
	MetadataBytesMax           = 1024

	TTLMin     = 1 * time.Second
	TTLMax     = 3600 * time.Second
	TTLDefault = 60 * time.Second

	SessionTTLMin     = 10 * time.Second
	SessionTTLMax     = 300 * time.Second
	SessionTTLDefault = 60 * time.Second

	WaitPerRequestMax = 60 * time.Second
	WaitSliceMin      = 1 * time.Second
	WaitSliceMax      = WaitPerRequestMax
	WaitSliceDefault  = 25 * time.Second
	TimeoutDefault    = 10 * time.Second

	RepeatsMax       = 3
	RepeatDelayFirst = 100 * time.Millisecond
	RepeatDelayMax   = 2 * time.Second
	RetryAfterMax    = 5 * time.Second

	RenewalsPerTTL = 3
	MarginFraction = 0.1
	MarginMin      = 100 * time.Millisecond
	MarginMax      = 5 * time.Second

	// LockDelayMax is not among the numbers that all SDKs share yet.
	LockDelayMax = 60 * time.Second

	// RenewalTimeoutsPerTTL is how many attempts at a renewal fit into a TTL if each hangs.
	RenewalTimeoutsPerTTL = 6
	// CloseMaxWhenLost is how long closing something that was lost by time may take, and closing everything at exit.
	CloseMaxWhenLost = 1 * time.Second
	// ReleaseAgainDelayFirst is the delay before an abandoned lease is released again that the server did not know.
	ReleaseAgainDelayFirst = 500 * time.Millisecond
	// ReleaseAgainDelaySecond is the delay before it is released for the last time.
	ReleaseAgainDelaySecond = 2 * time.Second

	WatchSilenceMax  = 45 * time.Second
	WebhookTolerance = 5 * time.Minute
)
