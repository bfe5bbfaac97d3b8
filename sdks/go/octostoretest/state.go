package octostoretest

import (
	"slices"
	"time"
)

const (
	// keptPlace is how long a place in line is kept while no one is asking for it.
	keptPlace = 15 * time.Second
	// remembered is how long broken leases and expired sessions are remembered.
	remembered = time.Hour
)

const (
	exclusive = "exclusive"
	shared    = "shared"
	counted   = "counted"
)

// fields are the members of a JSON object.
type fields map[string]any

// refusal is an answer that is an error.
type refusal struct {
	status int
	code   string
	text   string
	more   fields
}

func (r *refusal) Error() string {
	return r.text
}

func lockNotFound(text string) *refusal {
	return &refusal{status: 404, code: "lock_not_found", text: text}
}

// want is what a request wants of one lock.
type want struct {
	name    string
	mode    string
	limit   int
	permits int
}

// hold is how a lease holds one lock.
type hold struct {
	name  string
	mode  string
	limit int
	slots []int
}

func (h hold) want() want {
	return want{h.name, h.mode, h.limit, len(h.slots)}
}

// acquireRequest is the lease that an acquire asks for.
type acquireRequest struct {
	wants      []want
	user       string
	session    string
	leaseID    string
	isIDChosen bool
	ttl        time.Duration
	metadata   any
	lockDelay  time.Duration
	minHold    time.Duration
}

func (r acquireRequest) want(name string) (want, bool) {
	return find(r.wants, func(w want) bool { return w.name == name })
}

func (r acquireRequest) isSame(session string, wants []want) bool {
	return r.session == session && len(r.wants) == len(wants) &&
		!slices.ContainsFunc(r.wants, func(w want) bool { return !slices.Contains(wants, w) })
}

// lease is one grant. Times are those since the double was made.
type lease struct {
	id      string
	user    string
	session string
	token   int64
	ttl     time.Duration
	// deadline is the last millisecond at which it is alive.
	deadline  time.Duration
	metadata  any
	holds     []hold
	lockDelay time.Duration
	keptUntil time.Duration
}

func (l *lease) on(name string) (hold, bool) {
	return find(l.holds, func(h hold) bool { return h.name == name })
}

func (l *lease) holdsAny(names []string) bool {
	return slices.ContainsFunc(l.holds, func(h hold) bool { return slices.Contains(names, h.name) })
}

func (l *lease) wants() []want {
	wants := []want{}
	for _, h := range l.holds {
		wants = append(wants, h.want())
	}
	return wants
}

// outcome answers an acquire: with a lease, or an error.
type outcome struct {
	lease *lease
	isNew bool
	err   error
}

// ticket is a request with a place in line.
type ticket struct {
	request  acquireRequest
	since    time.Duration
	deadline time.Duration
	// answer has room for one. It is nil while no one is asking.
	answer chan outcome
}

func (t *ticket) isAsking() bool {
	return t.answer != nil
}

// settle answers the client, which then no longer asks.
func (t *ticket) settle(o outcome) {
	if t.answer != nil {
		t.answer <- o
		t.answer = nil
	}
}

type session struct {
	id       string
	user     string
	ttl      time.Duration
	deadline time.Duration
	// isOver means that it has expired, and is remembered until its deadline.
	isOver bool
}

// broken is a lease that an administrator has ended.
type broken struct {
	lease  lease
	reason string
	at     time.Duration
}

// releaseRequest is for the leases up to a fencing token.
type releaseRequest struct {
	by      string
	message any
	at      time.Duration
	through int64
}

// find returns the first one that matches.
func find[T any](all []T, is func(T) bool) (T, bool) {
	if at := slices.IndexFunc(all, is); at >= 0 {
		return all[at], true
	}
	var none T
	return none, false
}

// only returns those that match.
func only[T any](all []T, is func(T) bool) []T {
	var some []T
	for _, one := range all {
		if is(one) {
			some = append(some, one)
		}
	}
	return some
}
