package octostoretest

import (
	"maps"
	"time"
)

// conflict refuses a request because of the first lock that it cannot have. A request with a place in line learns of that.
func (l *law) conflict(wants []want, before []*ticket, hasPlace bool) error {
	blocked, has := find(wants, func(w want) bool { return !l.fits(w) || isAskedFor(w.name, before) })
	if !has {
		blocked = wants[0]
	}
	why := l.keptBy(blocked, before)
	if limit := l.limitOf(blocked.name); blocked.mode == counted && limit != 0 && limit != blocked.limit {
		why.code, why.text = "limit_mismatch", "The lock is in use with another limit."
		why.more["limit"] = limit
	}
	if hasPlace {
		ahead := only(before, func(one *ticket) bool {
			_, asks := one.request.want(blocked.name)
			return asks && one.isAsking()
		})
		maps.Copy(why.more, fields{"position": len(ahead) + 1, "waiters": l.waiters(blocked.name)})
	}
	return why
}

// limitOf is the limit with which a lock is held, or that the first in line asks for. 0 if it has none.
func (l *law) limitOf(name string) int {
	if holds := l.holdsOf(name); len(holds) > 0 {
		return holds[0].limit
	}
	first, has := find(l.line(name), (*ticket).isAsking)
	if !has {
		return 0
	}
	w, _ := first.request.want(name)
	return w.limit
}

func (l *law) keptBy(w want, before []*ticket) *refusal {
	if holders := l.holders(w.name); len(holders) > 0 && !l.fits(w) {
		return l.heldBy(w.name, holders[0])
	}
	if until, cools := l.coolings[w.name]; cools {
		return l.kept(w.name, "delayed", "No lease holds the lock, but no one can have it for a short time.", until)
	}
	until := l.now
	first, has := find(before, func(one *ticket) bool { return isAskedFor(w.name, []*ticket{one}) })
	if has {
		until = first.deadline
	}
	return l.kept(w.name, "queued", "The lock is kept for clients that asked for it earlier.", until)
}

func (l *law) heldBy(name string, by *lease) *refusal {
	end := by.deadline
	if one := l.sessions[by.session]; one != nil {
		end = min(end, one.deadline)
	}
	expiresAt := l.text(by.deadline)
	return &refusal{409, "lock_held", "The lock is already held.", fields{
		"lock":           fields{"name": name, "holder": by.user, "expires_at": expiresAt},
		"status":         "held",
		"holder_id":      by.user,
		"expires_at":     expiresAt,
		"metadata":       by.metadata,
		"retry_after_ms": max(0, (end - l.now).Milliseconds()),
	}}
}

func (l *law) kept(name, status, text string, until time.Duration) *refusal {
	expiresAt := l.text(until)
	return &refusal{409, "lock_" + status, text, fields{
		"lock":           fields{"name": name, "holder": nil, "expires_at": expiresAt},
		"status":         status,
		"holder_id":      nil,
		"expires_at":     expiresAt,
		"metadata":       nil,
		"retry_after_ms": max(0, (until - l.now).Milliseconds()),
	}}
}
