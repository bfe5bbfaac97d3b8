package octostore

import (
	"errors"
	"math"
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"3":                             3 * time.Second,
		"-3":                            0,
		"soon":                          0,
		"9223372036854775807":           math.MaxInt64 / time.Second * time.Second,
		"99999999999999999999":          math.MaxInt64 / time.Second * time.Second,
		"Thu, 01 Jan 1970 00:00:00 GMT": 0,
	} {
		if got := retryAfterIn(http.Header{"Retry-After": {value}}); got != want {
			t.Errorf("%q is %v, not %v", value, got, want)
		}
	}
	inAMinute := time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
	if got := retryAfterIn(http.Header{"Retry-After": {inAMinute}}); got < 50*time.Second || got > time.Minute {
		t.Errorf("in a minute is %v", got)
	}
}

func TestAnErrorQuotesNothingButJSON(t *testing.T) {
	for body, want := range map[string]string{
		"<html>secret</html>":                 "octostore: the server answered with status 500",
		`"secret"`:                            "octostore: the server answered with status 500",
		`{"error":{"of":"another form"}}`:     "octostore: the server answered with status 500",
		`{"error":"Oh."}`:                     "octostore: Oh.",
		`{"error":"Oh.","details":"No."}`:     "octostore: Oh. No.",
		`{"error":"Oh.","retry_after_ms":""}`: "octostore: Oh.",
	} {
		err := errorOf(answer{status: 500, header: http.Header{}, body: []byte(body)})
		if err.Error() != want {
			t.Errorf("%s gives %q", body, err)
		}
	}
}

func TestAHeldLockWithoutAHolderIsNotUnderstood(t *testing.T) {
	err := errorOf(answer{status: 409, header: http.Header{}, body: []byte(`{"error":"Held.","code":"lock_held"}`)})
	if !errors.Is(err, ErrServer) || errors.Is(err, ErrHeld) {
		t.Error(err)
	}
}

func TestTheRequestIDMayStandInTheHeader(t *testing.T) {
	var e *Error
	err := errorOf(answer{status: 502, header: http.Header{"X-Request-Id": {"r-1"}}})
	if !errors.As(err, &e) || e.RequestID != "r-1" {
		t.Error(err)
	}
}
