package octostore

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, name := range []string{"a", "a/b", "A-z_0.9/..d/...", long, strings.Repeat(long[:63]+"/", 3) + long} {
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{
		"", "/", "a/", "/a", "a//b", ".", "a/..", "a b", "a\n", "ä", "a%2Fb", "a?b", long + "a",
		strings.Repeat(long+"/", 3) + long,
	} {
		if err := checkName(name); !errors.Is(err, ErrValidation) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTTLs(t *testing.T) {
	for ttl, isValid := range map[time.Duration]bool{
		0: false, time.Millisecond: false, time.Second: true, 1500 * time.Millisecond: false, time.Hour: true,
		time.Hour + time.Second: false, -time.Second: false,
	} {
		if err := checkTTL(ttl); (err == nil) != isValid {
			t.Errorf("%v: %v", ttl, err)
		}
	}
	for ttl, isValid := range map[time.Duration]bool{
		9 * time.Second: false, 10 * time.Second: true, 5 * time.Minute: true, 5*time.Minute + time.Second: false,
	} {
		if err := checkSessionTTL(ttl); (err == nil) != isValid {
			t.Errorf("of a session, %v: %v", ttl, err)
		}
	}
}

func TestBaseURLs(t *testing.T) {
	for given, want := range map[string]string{
		"http://localhost:3000":         "http://localhost:3000",
		"https://locks.example/":        "https://locks.example",
		"https://locks.example/a%2Fb//": "https://locks.example/a%2Fb",
		"HTTP://[::1]:80/?q#f":          "http://[::1]:80",
		"ftp://locks.example":           "",
		"locks.example":                 "",
		"http://":                       "",
		"http://a b":                    "",
		"http://me:pass@locks.example":  "",
	} {
		got, err := checkedBaseURL(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", given, got, err)
		}
		if err != nil && (!errors.Is(err, ErrValidation) || strings.Contains(err.Error(), "pass")) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestMetadataIsCountedInBytes(t *testing.T) {
	if err := checkMetadata(strings.Repeat("ä", 512)); err != nil {
		t.Error(err)
	}
	if err := checkMetadata(strings.Repeat("ä", 512) + "a"); !errors.Is(err, ErrValidation) {
		t.Error(err)
	}
}
