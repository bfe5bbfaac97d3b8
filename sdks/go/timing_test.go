package octostore

import (
	"context"
	"errors"
	"testing"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

func TestBackoffGrowsUpToItsBoundAndIsSpread(t *testing.T) {
	bounds := []time.Duration{1: 100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond,
		800 * time.Millisecond, 1600 * time.Millisecond, rules.RepeatDelayMax, rules.RepeatDelayMax}
	for failures, bound := range bounds {
		var longest time.Duration
		for range 1000 {
			d := backoff(failures, 0)
			if failures > 0 && (d < 0 || d >= bound) {
				t.Fatalf("after %d failures the delay is %v, and its bound %v", failures, d, bound)
			}
			longest = max(longest, d)
		}
		if longest < bound/2 {
			t.Errorf("after %d failures no delay of many is longer than %v", failures, longest)
		}
	}
}

func TestBackoffIsBoundedAfterAnyNumberOfFailures(t *testing.T) {
	if d := backoff(1_000_000, 0); d >= rules.RepeatDelayMax {
		t.Errorf("the delay is %v", d)
	}
}

func TestBackoffIsNoShorterThanTheServerAskedFor(t *testing.T) {
	if d := backoff(1, time.Minute); d != time.Minute {
		t.Errorf("the delay is %v", d)
	}
}

func TestMarginIsATenthWithinItsBounds(t *testing.T) {
	for ttl, want := range map[time.Duration]time.Duration{
		500 * time.Millisecond: rules.MarginMin,
		time.Second:            100 * time.Millisecond,
		30 * time.Second:       3 * time.Second,
		time.Hour:              rules.MarginMax,
	} {
		if got := margin(ttl); got != want {
			t.Errorf("of %v the margin is %v, not %v", ttl, got, want)
		}
	}
}

func TestPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}
