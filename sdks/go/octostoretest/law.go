package octostoretest

import (
	"maps"
	"slices"
	"time"
)

// law has the rules by which a double grants locks: those of the server, in their simplest form. Its clock moves only when told to.
// It is not safe for concurrent use.
type law struct {
	now       time.Duration
	lastToken int64
	// leases are in the order of their fencing tokens.
	leases []*lease
	// tickets are in the order of arrival.
	tickets  []*ticket
	sessions map[string]*session
	// coolings say until when no one gets a lock.
	coolings        map[string]time.Duration
	fences          map[string]int64
	broken          []broken
	releaseRequests map[string]releaseRequest
	text            func(time.Duration) string
}

func newLaw(text func(time.Duration) string) *law {
	return &law{
		sessions:        map[string]*session{},
		coolings:        map[string]time.Duration{},
		fences:          map[string]int64{},
		releaseRequests: map[string]releaseRequest{},
		text:            text,
	}
}

// advance moves the clock. Everything that is due meanwhile happens at its time.
func (l *law) advance(by time.Duration) {
	end := l.now + by
	for due := l.nextDeadline(end); due < end; due = l.nextDeadline(end) {
		l.now = due + time.Millisecond
		l.sweep()
	}
	l.now = end
}

func (l *law) nextDeadline(end time.Duration) time.Duration {
	next := end
	for _, one := range l.leases {
		next = min(next, one.deadline)
	}
	for _, one := range l.tickets {
		next = min(next, one.deadline)
	}
	for _, one := range l.sessions {
		next = min(next, one.deadline)
	}
	for _, until := range l.coolings {
		next = min(next, until)
	}
	return next
}

func (l *law) sweep() {
	for _, one := range slices.Collect(maps.Values(l.sessions)) {
		if one.deadline < l.now {
			l.expireSession(one)
		}
	}
	for _, one := range slices.Clone(l.leases) {
		if one.deadline < l.now {
			l.expire(one, one.deadline)
		}
	}
	maps.DeleteFunc(l.coolings, func(_ string, until time.Duration) bool { return until < l.now })
	l.handOver()
	for _, one := range slices.Clone(l.tickets) {
		if one.deadline < l.now && slices.Contains(l.tickets, one) {
			l.endWait(one)
		}
	}
	l.handOver()
}

// acquire answers an acquire now, or returns the ticket of one that waits.
func (l *law) acquire(r acquireRequest, wait time.Duration) (outcome, *ticket) {
	if r.session != "" {
		if _, err := l.ownSession(r.session, r.user); err != nil {
			return outcome{err: err}, nil
		}
	}
	if held, err := l.repeated(r); held != nil || err != nil {
		return outcome{lease: held, err: err}, nil
	}
	if place, err := l.placeOf(r); place != nil || err != nil {
		if err != nil {
			return outcome{err: err}, nil
		}
		return l.askAgain(place, r, wait)
	}
	if why := l.whyBroken(r.user, r.leaseID, namesOf(r.wants)); why != nil && r.isIDChosen {
		return outcome{err: why}, nil
	}
	if l.isNext(r.wants, l.tickets) {
		return outcome{lease: l.grant(r), isNew: true}, nil
	}
	if wait == 0 {
		return outcome{err: l.conflict(r.wants, l.tickets, false)}, nil
	}
	joined := &ticket{r, l.now, l.now + wait, make(chan outcome, 1)}
	l.tickets = append(l.tickets, joined)
	return outcome{}, joined
}

func (l *law) askAgain(place *ticket, r acquireRequest, wait time.Duration) (outcome, *ticket) {
	before := l.before(place)
	if !place.isAsking() && l.isNext(r.wants, before) {
		l.drop(place)
		return outcome{lease: l.grant(r), isNew: true}, nil
	}
	why := l.conflict(r.wants, before, true)
	if wait == 0 {
		if !place.isAsking() {
			l.keepPlace(place)
		}
		return outcome{err: why}, nil
	}
	place.settle(outcome{err: why})
	place.request, place.deadline, place.answer = r, l.now+wait, make(chan outcome, 1)
	return outcome{}, place
}

// abandon is called when the client of a ticket is gone. Its place is kept for a while.
func (l *law) abandon(answer chan outcome) {
	for _, one := range slices.Clone(l.tickets) {
		if one.answer == answer {
			one.answer = nil
			l.keepPlace(one)
			l.handOver()
		}
	}
}

func (l *law) leaveLine(name, user, leaseID string) error {
	for _, one := range l.tickets {
		if _, asks := one.request.want(name); asks && one.isPlaceOf(user, leaseID) {
			l.drop(one)
			one.settle(outcome{err: l.conflict(one.request.wants, l.tickets, false)})
			l.handOver()
			return nil
		}
	}
	return &refusal{status: 404, code: "place_not_found", text: "You have no place in this line under this lease_id."}
}

func (t *ticket) isPlaceOf(user, leaseID string) bool {
	return t.request.isIDChosen && t.request.user == user && t.request.leaseID == leaseID
}

// ownLease returns the user's lease with this id, which holds the lock if one is named.
func (l *law) ownLease(user, leaseID, name string) (*lease, error) {
	own := only(l.leases, func(one *lease) bool {
		_, has := one.on(name)
		return one.user == user && one.id == leaseID && (has || name == "")
	})
	var names []string
	if name != "" {
		names = []string{name}
	}
	switch {
	case len(own) > 1:
		return nil, &refusal{status: 409, code: "ambiguous_lease_id", text: "You hold several leases with this lease_id."}
	case len(own) == 1:
		return own[0], nil
	}
	if why := l.whyBroken(user, leaseID, names); why != nil {
		return nil, why
	}
	return nil, lockNotFound("You do not hold this lock under this lease.")
}

// renew returns the latest request to release one of the locks, or nil.
func (l *law) renew(one *lease, ttl time.Duration) *releaseRequest {
	one.ttl, one.deadline = ttl, l.now+ttl
	var latest *releaseRequest
	for _, h := range one.holds {
		asked, has := l.releaseRequests[h.name]
		if has && one.token <= asked.through && (latest == nil || asked.at >= latest.at) {
			latest = &asked
		}
	}
	return latest
}

func (l *law) release(one *lease) {
	l.end(one, one.keptUntil)
}

func (l *law) convert(one *lease, name, mode string) error {
	at := slices.IndexFunc(one.holds, func(h hold) bool { return h.name == name })
	if one.holds[at].mode == counted {
		return invalid("The lock is counted, and a counted lock has no other mode.")
	}
	if one.holds[at].mode == mode {
		return nil
	}
	others := only(l.holders(name), func(other *lease) bool { return other != one })
	if mode == exclusive && len(others) > 0 {
		return l.heldBy(name, others[0])
	}
	one.holds[at].mode = mode
	if mode == exclusive {
		l.lastToken++
		one.token = l.lastToken
		l.leases = append(only(l.leases, func(other *lease) bool { return other != one }), one)
	}
	l.handOver()
	return nil
}

func (l *law) requestRelease(name, user string, message any) error {
	holders := l.holders(name)
	if len(holders) == 0 {
		return lockNotFound("No lease holds this lock, so there is no one to ask.")
	}
	l.releaseRequests[name] = releaseRequest{user, message, l.now, holders[len(holders)-1].token}
	return nil
}

// breakLock returns the tokens of the leases that it has ended, and whether it has ended a delay instead.
func (l *law) breakLock(name, reason string, token int64) ([]int64, bool, error) {
	tokens := []int64{}
	for _, one := range l.holders(name) {
		if token == 0 || one.token == token {
			tokens = append(tokens, one.token)
			l.broken = append(l.broken, broken{*one, reason, l.now})
			l.end(one, l.now+one.lockDelay)
		}
	}
	if _, cools := l.coolings[name]; len(tokens) == 0 && cools && token == 0 {
		delete(l.coolings, name)
		l.handOver()
		return tokens, true, nil
	}
	if len(tokens) == 0 {
		return nil, false, lockNotFound("No lease holds this lock, so there is nothing to break.")
	}
	return tokens, false, nil
}

func (l *law) ownSession(id, user string) (*session, error) {
	one := l.sessions[id]
	if one == nil || one.user != user {
		return nil, &refusal{status: 404, code: "session_not_found", text: "You have no such session."}
	}
	if one.isOver {
		return nil, sessionExpired()
	}
	return one, nil
}

func sessionExpired() *refusal {
	return &refusal{status: 410, code: "session_expired", text: "The session has expired. Open a new one."}
}

func (l *law) endSession(one *session) {
	delete(l.sessions, one.id)
	l.refuseTicketsOf(one, &refusal{status: 404, code: "session_not_found", text: "You have no such session."})
	for _, held := range l.leasesOf(one) {
		l.end(held, held.keptUntil)
	}
	l.handOver()
}

func (l *law) expireSession(one *session) {
	if one.isOver {
		delete(l.sessions, one.id)
		return
	}
	end := one.deadline
	one.isOver, one.deadline = true, end+remembered
	l.refuseTicketsOf(one, sessionExpired())
	for _, held := range l.leasesOf(one) {
		l.expire(held, min(end, held.deadline))
	}
	l.handOver()
}

func (l *law) leasesOf(s *session) []*lease {
	return only(l.leases, func(one *lease) bool { return one.session == s.id })
}

func (l *law) refuseTicketsOf(s *session, why error) {
	for _, one := range slices.Clone(l.tickets) {
		if one.request.session == s.id {
			l.drop(one)
			one.settle(outcome{err: why})
		}
	}
}

// holders are the leases that hold a lock, in the order of their tokens.
func (l *law) holders(name string) []*lease {
	return only(l.leases, func(one *lease) bool {
		_, has := one.on(name)
		return has
	})
}

// line has the places in the line of a lock, in the order of arrival.
func (l *law) line(name string) []*ticket {
	return only(l.tickets, func(one *ticket) bool {
		_, asks := one.request.want(name)
		return asks
	})
}

// waiters counts the requests that wait for a lock now.
func (l *law) waiters(name string) int {
	return len(only(l.line(name), (*ticket).isAsking))
}

func (l *law) expire(one *lease, at time.Duration) {
	l.end(one, max(at+one.lockDelay, one.keptUntil))
}

func (l *law) end(one *lease, coolsUntil time.Duration) {
	l.leases = only(l.leases, func(other *lease) bool { return other != one })
	for _, h := range one.holds {
		if h.mode == exclusive && coolsUntil > l.now {
			l.coolings[h.name] = coolsUntil
		}
		if len(l.holders(h.name)) == 0 {
			delete(l.releaseRequests, h.name)
		}
	}
	l.handOver()
}

func (l *law) endWait(one *ticket) {
	if !one.isAsking() {
		l.drop(one)
		return
	}
	answer, before := one.answer, l.before(one)
	one.answer = nil
	l.keepPlace(one)
	answer <- outcome{err: l.conflict(one.request.wants, before, true)}
}

// keepPlace keeps it if its client can ask for it again, which takes a lease id that it knows.
func (l *law) keepPlace(one *ticket) {
	if one.request.isIDChosen {
		one.deadline = l.now + keptPlace
	} else {
		l.drop(one)
	}
}

func (l *law) drop(one *ticket) {
	l.tickets = only(l.tickets, func(other *ticket) bool { return other != one })
}

// handOver grants locks to those who are first in line, for as long as they fit.
func (l *law) handOver() {
	for {
		next, has := find(l.tickets, func(one *ticket) bool {
			return one.isAsking() && l.isNext(one.request.wants, l.before(one))
		})
		if !has {
			return
		}
		l.drop(next)
		next.settle(outcome{lease: l.grant(next.request), isNew: true})
	}
}

func (l *law) before(one *ticket) []*ticket {
	return slices.Clone(l.tickets[:slices.Index(l.tickets, one)])
}

func (l *law) isNext(wants []want, before []*ticket) bool {
	return !slices.ContainsFunc(wants, func(w want) bool { return !l.fits(w) || isAskedFor(w.name, before) })
}

func isAskedFor(name string, tickets []*ticket) bool {
	return slices.ContainsFunc(tickets, func(one *ticket) bool {
		_, asks := one.request.want(name)
		return asks && one.isAsking()
	})
}

func (l *law) fits(w want) bool {
	if _, cools := l.coolings[w.name]; cools {
		return false
	}
	holds := l.holdsOf(w.name)
	if len(holds) == 0 || w.mode == exclusive {
		return len(holds) == 0
	}
	if holds[0].mode != w.mode || holds[0].limit != w.limit {
		return false
	}
	return w.mode == shared || len(l.freeSlots(w)) >= w.permits
}

func (l *law) holdsOf(name string) []hold {
	var holds []hold
	for _, one := range l.leases {
		if h, has := one.on(name); has {
			holds = append(holds, h)
		}
	}
	return holds
}

func (l *law) freeSlots(w want) []int {
	free := []int{}
	holds := l.holdsOf(w.name)
	for slot := range w.limit {
		if !slices.ContainsFunc(holds, func(h hold) bool { return slices.Contains(h.slots, slot) }) {
			free = append(free, slot)
		}
	}
	return free
}

func (l *law) grant(r acquireRequest) *lease {
	l.lastToken++
	granted := &lease{
		id: r.leaseID, user: r.user, session: r.session, token: l.lastToken, ttl: r.ttl, deadline: l.now + r.ttl,
		metadata: r.metadata, lockDelay: r.lockDelay, keptUntil: l.now + r.minHold,
	}
	for _, w := range r.wants {
		h := hold{name: w.name, mode: w.mode, limit: w.limit}
		if w.mode == counted {
			h.slots = l.freeSlots(w)[:w.permits]
		}
		granted.holds = append(granted.holds, h)
	}
	l.leases = append(l.leases, granted)
	return granted
}

// repeated returns the lease that a request asks for again, or nil.
func (l *law) repeated(r acquireRequest) (*lease, error) {
	for _, one := range l.leases {
		if one.user != r.user || !one.holdsAny(namesOf(r.wants)) {
			continue
		}
		isSame := r.isSame(one.session, one.wants())
		if isSame && (!r.isIDChosen || one.id == r.leaseID) {
			return one, nil
		}
		if r.isIDChosen && one.id == r.leaseID {
			return nil, mismatch()
		}
	}
	return nil, nil
}

// placeOf returns the place in line that a request asks for again, or nil.
func (l *law) placeOf(r acquireRequest) (*ticket, error) {
	for _, one := range l.tickets {
		isAny := slices.ContainsFunc(namesOf(r.wants), func(name string) bool {
			_, asks := one.request.want(name)
			return asks
		})
		if !r.isIDChosen || !isAny || !one.isPlaceOf(r.user, r.leaseID) {
			continue
		}
		if r.isSame(one.request.session, one.request.wants) {
			return one, nil
		}
		return nil, mismatch()
	}
	return nil, nil
}

func mismatch() *refusal {
	return &refusal{status: 409, code: "lease_mismatch", text: "You already use this lease_id for something else."}
}

func namesOf(wants []want) []string {
	names := []string{}
	for _, w := range wants {
		names = append(names, w.name)
	}
	return names
}

// whyBroken returns the refusal for a lease that was broken, which held one of the locks if some are named. Nil if it was not.
func (l *law) whyBroken(user, leaseID string, names []string) error {
	for _, one := range slices.Backward(l.broken) {
		if one.at+remembered < l.now {
			return nil
		}
		if one.lease.user == user && one.lease.id == leaseID && (names == nil || one.lease.holdsAny(names)) {
			more := fields{"reason": one.reason, "broken_by": "administrator", "broken_at": l.text(one.at)}
			return &refusal{410, "lease_broken", "An operator has ended your lease.", more}
		}
	}
	return nil
}
