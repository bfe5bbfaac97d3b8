package octostore

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

var (
	lockName = regexp.MustCompile(rules.LockNamePattern)
	// visible matches what can be sent in a header unchanged.
	visible = regexp.MustCompile(`^[\x21-\x7e]+$`)
)

// checkName fails unless the server accepts this lock name.
func checkName(name string) error {
	if len(name) > rules.LockNameLengthMax {
		return validationError(fmt.Sprintf("a lock name has at most %d characters", rules.LockNameLengthMax))
	}
	if !lockName.MatchString(name) {
		return validationError(
			"a lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes")
	}
	for component := range strings.SplitSeq(name, "/") {
		if len(component) > rules.LockNameComponentLengthMax {
			return validationError(fmt.Sprintf(
				"a component of a lock name has at most %d characters", rules.LockNameComponentLengthMax))
		}
		if component == "." || component == ".." {
			return validationError("a component of a lock name is not '.' or '..'")
		}
	}
	return nil
}

// checkPrefix fails if the prefix is longer than any lock name.
func checkPrefix(prefix string) error {
	if len(prefix) > rules.LockNameLengthMax {
		return validationError(fmt.Sprintf("a prefix has at most %d characters", rules.LockNameLengthMax))
	}
	return nil
}

// checkTTL fails unless this is a valid TTL for a lease.
func checkTTL(ttl time.Duration) error {
	return checkWhole("a TTL", ttl, rules.TTLMin, rules.TTLMax)
}

// checkSessionTTL fails unless this is a valid TTL for a session.
func checkSessionTTL(ttl time.Duration) error {
	return checkWhole("a TTL", ttl, rules.SessionTTLMin, rules.SessionTTLMax)
}

func checkWaitSlice(slice time.Duration) error {
	return checkWhole("a wait slice", slice, rules.WaitSliceMin, rules.WaitSliceMax)
}

func checkWhole(what string, d, shortest, longest time.Duration) error {
	if d < shortest || d > longest || d%time.Second != 0 {
		return validationError(fmt.Sprintf("%s is a whole number of seconds from %v to %v", what, shortest, longest))
	}
	return nil
}

func checkWait(wait time.Duration) error {
	if wait < 0 {
		return validationError("a wait is no less than 0")
	}
	return nil
}

// checkCooling checks for how long no one else gets a lock after its lease.
func checkCooling(lockDelay, minHold, ttl time.Duration) error {
	return cmp.Or(
		checkWhole("a lock delay", lockDelay, 0, rules.LockDelayMax),
		checkWhole("a minimum hold", minHold, 0, ttl),
	)
}

// fencingTokenMax is the largest number that every language can read from JSON.
const fencingTokenMax = 1<<53 - 1

func checkFencingToken(token int64) error {
	if token < 1 || token > fencingTokenMax {
		return validationError(fmt.Sprintf("a fencing token is a number from 1 to %d", int64(fencingTokenMax)))
	}
	return nil
}

func checkMetadata(metadata string) error {
	if len(metadata) > rules.MetadataBytesMax {
		return validationError(fmt.Sprintf("metadata has at most %d bytes", rules.MetadataBytesMax))
	}
	return nil
}

// checkToken does not quote a token that it refuses.
func checkToken(token string) error {
	if !visible.MatchString(token) {
		return validationError("a token consists of visible ASCII characters")
	}
	return nil
}

// checkedBaseURLs returns the URLs in texts that can have several, separated by commas. It ignores blanks, empty entries and
// repetitions.
func checkedBaseURLs(texts []string) ([]string, error) {
	var urls []string
	for entry := range strings.SplitSeq(strings.Join(texts, ","), ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		base, err := checkedBaseURL(entry)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(urls, base) {
			urls = append(urls, base)
		}
	}
	if len(urls) == 0 {
		return nil, validationError("there is no base URL")
	}
	return urls, nil
}

// checkedBaseURL returns the URL without a trailing slash. It does not quote a URL that it refuses, because it may
// contain credentials.
func checkedBaseURL(text string) (string, error) {
	base, err := url.Parse(text)
	if err != nil || (base.Scheme != "http" && base.Scheme != "https") || base.Host == "" {
		return "", validationError("the base URL is not an http or https URL")
	}
	if base.User != nil {
		return "", validationError("the base URL holds credentials: give the token by itself")
	}
	return strings.TrimRight(base.Scheme+"://"+base.Host+base.EscapedPath(), "/"), nil
}
