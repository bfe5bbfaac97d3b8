package octostoretest

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

var (
	uuidText = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	lockName = regexp.MustCompile(rules.LockNamePattern)
)

func invalid(details string, args ...any) *refusal {
	more := fields{"details": fmt.Sprintf(details, args...)}
	return &refusal{422, "validation_failed", "The request is not valid.", more}
}

// body has the fields of a request. It keeps the refusal of the first one that is not valid.
type body struct {
	fields fields
	err    *refusal
}

func (b *body) refuse(details string, args ...any) {
	if b.err == nil {
		b.err = invalid(details, args...)
	}
}

// refusal is nil if all fields that were read are valid.
func (b *body) refusal() error {
	if b.err == nil {
		return nil
	}
	return b.err
}

func (b *body) has(name string) bool {
	return b.fields[name] != nil
}

func (b *body) integer(name string, lowest, highest int64) int64 {
	number, isNumber := b.fields[name].(float64)
	if !isNumber || number != math.Trunc(number) || number < float64(lowest) || number > float64(highest) {
		b.refuse("%s must be an integer from %d to %d", name, lowest, highest)
		return lowest
	}
	return int64(number)
}

func (b *body) optional(name string, lowest, highest, otherwise int64) int64 {
	if !b.has(name) {
		return otherwise
	}
	return b.integer(name, lowest, highest)
}

func (b *body) seconds(name string, lowest, highest, otherwise int64) time.Duration {
	return time.Duration(b.optional(name, lowest, highest, otherwise)) * time.Second
}

func (b *body) ttl() time.Duration {
	return time.Duration(b.integer("ttl_seconds", 1, 3600)) * time.Second
}

// text is a string or nil.
func (b *body) text(name string, bytesMax int) any {
	if !b.has(name) {
		return nil
	}
	text, isText := b.fields[name].(string)
	if !isText || len(text) > bytesMax {
		b.refuse("%s must be a text of at most %d bytes", name, bytesMax)
	}
	return text
}

// id is empty if there is none.
func (b *body) id(name string) string {
	if !b.has(name) {
		return ""
	}
	text, _ := b.fields[name].(string)
	text = strings.ToLower(text)
	if !uuidText.MatchString(text) {
		b.refuse("%s must be a UUID", name)
	}
	return text
}

func (b *body) leaseID() string {
	id := b.id("lease_id")
	if id == "" {
		b.refuse("lease_id must be a UUID")
	}
	return id
}

func (b *body) mode() string {
	mode, _ := b.fields["mode"].(string)
	if mode != exclusive && mode != shared {
		b.refuse("mode must be one of exclusive, shared")
	}
	return mode
}

func (b *body) fencingToken() int64 {
	return b.integer("fencing_token", 1, 1<<53-1)
}

// want reads how a lock is wanted.
func (b *body) want(name string) want {
	b.checkName(name)
	if !b.has("limit") {
		if b.has("permits") {
			b.refuse("permits needs a limit. Add one, or leave permits out.")
		}
		if b.has("mode") {
			return want{name: name, mode: b.mode()}
		}
		return want{name: name, mode: exclusive}
	}
	limit := b.integer("limit", 1, 10_000)
	permits := b.optional("permits", 1, 10_000, 1)
	if b.has("mode") {
		b.refuse("A lock with a limit is counted, so it has no mode. Leave one of them out.")
	}
	if permits > limit {
		b.refuse("permits is %d, but limit is %d.", permits, limit)
	}
	return want{name, counted, int(limit), int(permits)}
}

// wants reads how several locks are wanted.
func (b *body) wants() []want {
	locks, _ := b.fields["locks"].([]any)
	if len(locks) == 0 || len(locks) > 32 {
		b.refuse("locks must be a list of 1 to 32 locks")
		return nil
	}
	names := map[string]bool{}
	wants := []want{}
	for _, lock := range locks {
		of, _ := lock.(map[string]any)
		name, _ := of["name"].(string)
		one := &body{fields: of}
		wants = append(wants, one.want(name))
		if b.err == nil {
			b.err = one.err
		}
		names[name] = true
	}
	if len(names) < len(locks) {
		b.refuse("locks has a lock twice. List each lock once.")
	}
	return wants
}

func (b *body) acquireRequest(wants []want, user string) acquireRequest {
	r := acquireRequest{
		wants:      wants,
		user:       user,
		session:    b.id("session_id"),
		leaseID:    b.id("lease_id"),
		isIDChosen: b.has("lease_id"),
		ttl:        b.ttl(),
		metadata:   b.text("metadata", 1024),
		lockDelay:  b.seconds("lock_delay_seconds", 0, 60, 0),
		minHold:    b.seconds("min_hold_seconds", 0, 3600, 0),
	}
	if !r.isIDChosen {
		r.leaseID = newUUID()
	}
	_, hasOther := find(wants, func(w want) bool { return w.mode != exclusive })
	if hasOther && r.lockDelay+r.minHold > 0 {
		b.refuse("lock_delay_seconds and min_hold_seconds are for exclusive locks.")
	}
	if r.minHold > r.ttl {
		b.refuse("min_hold_seconds must be at most ttl_seconds.")
	}
	return r
}

func (b *body) checkName(name string) {
	isTooLong := len(name) > rules.LockNameLengthMax
	for part := range strings.SplitSeq(name, "/") {
		isTooLong = isTooLong || len(part) > rules.LockNameComponentLengthMax || part == "." || part == ".."
	}
	if isTooLong || !lockName.MatchString(name) {
		b.refuse("The name is not valid. Use components of letters, digits, '.', '_' and '-', with single slashes between them.")
	}
}
