package octostoretest

import (
	"maps"
)

// shownMax is how many holders of a lock, and how many places of a line, are shown.
const shownMax = 100

// merged returns an object with the members of several.
func merged(all ...fields) fields {
	one := fields{}
	for _, some := range all {
		maps.Copy(one, some)
	}
	return one
}

// showLease shows a lease to its holder, as the response to a request about one lock.
func (l *law) showLease(one *lease, name string, isNew bool) fields {
	shown := merged(l.showOwn(one, isNew), l.showHeld(one, name))
	if len(one.holds) > 1 {
		shown["locks"] = showLocks(one)
	}
	return shown
}

// showWhole shows a lease with all its locks to its holder.
func (l *law) showWhole(one *lease, isNew bool) fields {
	shown := merged(l.showOwn(one, isNew), l.showFields(one), fields{"locks": showLocks(one)})
	if one.session != "" {
		shown["session_id"] = one.session
	}
	return shown
}

func (l *law) showOwn(one *lease, isNew bool) fields {
	status := "held"
	if isNew {
		status = "acquired"
	}
	passed := one.ttl - (one.deadline - l.now)
	renewAfter := max(0, (one.ttl/3 - passed).Milliseconds())
	return fields{"status": status, "lease_id": one.id, "renew_after_ms": renewAfter}
}

func (l *law) showFields(one *lease) fields {
	return fields{
		"fencing_token": one.token,
		"expires_at":    l.text(one.deadline),
		"holder":        one.user,
		"holder_id":     one.user,
		"metadata":      one.metadata,
	}
}

func (l *law) showHeld(one *lease, name string) fields {
	h, _ := one.on(name)
	return merged(l.showFields(one), showLock(h))
}

func showLock(h hold) fields {
	shown := fields{"name": h.name, "mode": h.mode}
	if h.mode == counted {
		maps.Copy(shown, fields{"limit": h.limit, "permits": len(h.slots), "slots": h.slots})
	}
	return shown
}

func showLocks(one *lease) []fields {
	locks := []fields{}
	for _, h := range one.holds {
		locks = append(locks, showLock(h))
	}
	return locks
}

func (l *law) showReleaseRequest(asked *releaseRequest) fields {
	if asked == nil {
		return fields{}
	}
	shown := fields{"by": asked.by, "message": asked.message, "at": l.text(asked.at)}
	return fields{"release_requested": shown}
}

func (l *law) showStatus(name, viewer string) fields {
	holders := l.holders(name)
	if len(holders) == 0 {
		return l.showNotHeld(name)
	}
	first, inUse, shown := holders[0], 0, []fields{}
	for at, one := range holders {
		h, _ := one.on(name)
		inUse += len(h.slots)
		if at < shownMax {
			shown = append(shown, l.showHolder(one, h, viewer))
		}
	}
	status := merged(l.showHeld(first, name), fields{
		"status": "held", "lease_id": nil, "waiters": l.waiters(name), "holder_count": len(holders), "holders": shown,
	})
	if first.user == viewer {
		status["lease_id"] = first.id
	}
	if status["mode"] == counted {
		status["permits_in_use"] = inUse
	}
	return status
}

func (l *law) showHolder(one *lease, h hold, viewer string) fields {
	shown := l.showFields(one)
	if h.mode == counted {
		shown["slots"] = h.slots
	}
	if one.user == viewer {
		shown["lease_id"] = one.id
	}
	return shown
}

func (l *law) showListed(one *lease, name, viewer string) fields {
	shown := merged(fields{"status": "held"}, l.showHeld(one, name))
	if one.user == viewer {
		shown["lease_id"] = one.id
	}
	return shown
}

func (l *law) showNotHeld(name string) fields {
	shown := fields{"name": name, "fencing_token": l.lastToken, "waiters": l.waiters(name)}
	until, cools := l.coolings[name]
	if !cools {
		return merged(shown, fields{"status": "available", "message": "Lock not currently held"})
	}
	return merged(shown, fields{
		"status": "delayed", "message": "Lock not available yet", "available_at": l.text(until),
	})
}

func (l *law) showLine(name, viewer string) fields {
	line, places, position := l.line(name), []fields{}, 1
	for at, one := range line {
		if at < shownMax {
			places = append(places, l.showPlace(one, name, position, viewer))
		}
		if one.isAsking() {
			position++
		}
	}
	return fields{"name": name, "waiters": l.waiters(name), "total": len(line), "queue": places}
}

func (l *law) showPlace(one *ticket, name string, position int, viewer string) fields {
	w, _ := one.request.want(name)
	shown := fields{
		"position": position, "holder": one.request.user, "holder_id": one.request.user, "since": l.text(one.since),
		"mode": w.mode, "asking": one.isAsking(), "lease_id": nil,
	}
	if w.mode == counted {
		maps.Copy(shown, fields{"limit": w.limit, "permits": w.permits})
	}
	if one.request.user == viewer {
		shown["lease_id"] = one.request.leaseID
	}
	return shown
}

func (l *law) showSession(one *session) fields {
	return fields{"session_id": one.id, "expires_at": l.text(one.deadline)}
}
