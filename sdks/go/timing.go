package octostore

import (
	"context"
	"math/rand/v2"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// pause returns nil when the time is over, or ctx's error as soon as ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// backoff is how long to pause after a number of failures, from 1. It is random between 0 and a bound that doubles with
// each failure, so that many clients spread out, but never less than the server asked for.
func backoff(failures int, retryAfter time.Duration) time.Duration {
	bound := rules.RepeatDelayFirst
	for ; failures > 1 && bound < rules.RepeatDelayMax; failures-- {
		bound *= 2
	}
	return max(retryAfter, rand.N(min(bound, rules.RepeatDelayMax)))
}

// margin is how long before its TTL ends a lease or session counts as lost.
func margin(ttl time.Duration) time.Duration {
	return min(rules.MarginMax, max(rules.MarginMin, time.Duration(float64(ttl)*rules.MarginFraction)))
}
