package octostoretest

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// asked is a request whose sender is known.
type asked struct {
	method  string
	path    []string
	user    string
	isAdmin bool
	body    *body
	query   url.Values
	// acquire acquires a lease, which may take a while.
	acquire func(r acquireRequest, wait time.Duration) outcome
}

// answer returns the status and the body of the response.
func (l *law) answer(a asked) (int, fields, error) {
	if a.body.fields["proof"] == true {
		return 0, nil, notInDouble("a lease with a proof")
	}
	handlers := map[string]func(asked) (int, fields, error){
		"locks": l.ofLocks, "leases": l.ofLeases, "queues": l.ofQueues, "sessions": l.ofSessions, "fences": l.ofFences,
	}
	if handle := handlers[a.path[0]]; handle != nil {
		return handle(a)
	}
	return nothingAt(a)
}

func (l *law) ofLocks(a asked) (int, fields, error) {
	switch {
	case a.method == "GET" && len(a.path) == 1:
		return 200, l.list(a), nil
	case a.method == "GET" && len(a.path) == 2:
		a.body.checkName(a.path[1])
		return 200, l.showStatus(a.path[1], a.user), a.body.refusal()
	case a.method == "POST" && len(a.path) == 3:
		handlers := map[string]func(asked, string) (fields, error){
			"acquire": l.acquireLock, "renew": l.renewLock, "release": l.releaseLock, "convert": l.convertLock,
			"request-release": l.requestReleaseOf, "break": l.breakOf,
		}
		if handle := handlers[a.path[2]]; handle != nil {
			a.body.checkName(a.path[1])
			reply, err := handle(a, a.path[1])
			return 200, reply, err
		}
	}
	return nothingAt(a)
}

func (l *law) acquireLock(a asked, name string) (fields, error) {
	r := a.body.acquireRequest([]want{a.body.want(name)}, a.user)
	got, err := a.acquired(r)
	if err != nil {
		return nil, err
	}
	return l.showLease(got.lease, name, got.isNew), nil
}

func (a asked) acquired(r acquireRequest) (outcome, error) {
	wait := a.body.seconds("wait_seconds", 0, 60, 0)
	if err := a.body.refusal(); err != nil {
		return outcome{}, err
	}
	got := a.acquire(r, wait)
	return got, got.err
}

func (l *law) renewLock(a asked, name string) (fields, error) {
	one, err := l.own(a, name)
	if err != nil {
		return nil, err
	}
	ttl := a.body.ttl()
	if err := a.body.refusal(); err != nil {
		return nil, err
	}
	release := l.renew(one, ttl)
	return merged(l.showLease(one, name, false), l.showReleaseRequest(release)), nil
}

// own returns the lease that the body names.
func (l *law) own(a asked, name string) (*lease, error) {
	id := a.body.leaseID()
	if err := a.body.refusal(); err != nil {
		return nil, err
	}
	return l.ownLease(a.user, id, name)
}

func (l *law) releaseLock(a asked, name string) (fields, error) {
	one, err := l.own(a, name)
	if err != nil {
		return nil, err
	}
	l.release(one)
	return fields{"status": "released", "message": "Lock released"}, nil
}

func (l *law) convertLock(a asked, name string) (fields, error) {
	mode := a.body.mode()
	one, err := l.own(a, name)
	if err != nil {
		return nil, err
	}
	if err := l.convert(one, name, mode); err != nil {
		return nil, err
	}
	return l.showLease(one, name, false), nil
}

func (l *law) requestReleaseOf(a asked, name string) (fields, error) {
	message := a.body.text("message", 256)
	if err := a.body.refusal(); err != nil {
		return nil, err
	}
	if err := l.requestRelease(name, a.user, message); err != nil {
		return nil, err
	}
	return fields{"status": "release_requested", "message": "The holders learn of it when they next renew"}, nil
}

func (l *law) breakOf(a asked, name string) (fields, error) {
	if !a.isAdmin {
		return nil, &refusal{status: 403, code: "admin_required", text: "Only operators may do this."}
	}
	reason, _ := a.body.text("reason", 256).(string)
	token := a.body.optional("fencing_token", 1, 1<<53-1, 0)
	if err := a.body.refusal(); err != nil {
		return nil, err
	}
	tokens, endedDelay, err := l.breakLock(name, reason, token)
	return fields{
		"status": "broken", "name": name, "lease_count": len(tokens), "fencing_tokens": tokens, "ended_delay": endedDelay,
	}, err
}

func (l *law) list(a asked) fields {
	prefix, isOwn := a.query.Get("prefix"), a.query.Get("owner") == "me"
	locks := []fields{}
	for _, one := range l.leases {
		for _, h := range one.holds {
			if strings.HasPrefix(h.name, prefix) && (!isOwn || one.user == a.user) {
				locks = append(locks, l.showListed(one, h.name, a.user))
			}
		}
	}
	slices.SortStableFunc(locks, func(x, y fields) int {
		return strings.Compare(x["name"].(string), y["name"].(string))
	})
	return fields{"locks": locks, "total": len(locks), "prefix": prefix, "next_cursor": nil}
}

func (l *law) ofQueues(a asked) (int, fields, error) {
	switch {
	case a.method == "GET" && len(a.path) == 2:
		return 200, l.showLine(a.path[1], a.user), nil
	case a.method == "DELETE" && len(a.path) == 3:
		err := l.leaveLine(a.path[1], a.user, strings.ToLower(a.path[2]))
		return 200, fields{"status": "left", "message": "You left the line"}, err
	}
	return nothingAt(a)
}

func (l *law) ofLeases(a asked) (int, fields, error) {
	if a.method == "POST" && len(a.path) == 1 {
		got, err := a.acquired(a.body.acquireRequest(a.body.wants(), a.user))
		if err != nil {
			return 0, nil, err
		}
		return 200, l.showWhole(got.lease, got.isNew), nil
	}
	verb := strings.Join(append([]string{a.method}, a.path[min(2, len(a.path)):]...), " ")
	if len(a.path) < 2 || !slices.Contains([]string{"GET", "POST renew", "DELETE"}, verb) {
		return nothingAt(a)
	}
	one, err := l.ownLease(a.user, strings.ToLower(a.path[1]), "")
	if err != nil {
		return 0, nil, err
	}
	switch verb {
	case "GET":
		return 200, l.showWhole(one, false), nil
	case "DELETE":
		l.release(one)
		return 200, fields{"status": "released", "message": "Lease released"}, nil
	}
	ttl := a.body.ttl()
	if err := a.body.refusal(); err != nil {
		return 0, nil, err
	}
	release := l.renew(one, ttl)
	return 200, merged(l.showWhole(one, false), l.showReleaseRequest(release)), nil
}

func (l *law) ofSessions(a asked) (int, fields, error) {
	if a.method == "POST" && len(a.path) == 1 {
		return l.openSession(a)
	}
	verb := strings.Join(append([]string{a.method}, a.path[min(2, len(a.path)):]...), " ")
	if len(a.path) < 2 || !slices.Contains([]string{"GET", "POST keepalive", "DELETE"}, verb) {
		return nothingAt(a)
	}
	one, err := l.ownSession(a.path[1], a.user)
	if err != nil {
		return 0, nil, err
	}
	switch verb {
	case "GET":
		more := fields{"user_id": one.user, "lock_count": len(l.leasesOf(one)), "active": true}
		return 200, merged(l.showSession(one), more), nil
	case "DELETE":
		l.endSession(one)
		return 204, nil, nil
	}
	one.deadline = l.now + one.ttl
	return 200, l.showSession(one), nil
}

func (l *law) openSession(a asked) (int, fields, error) {
	ttl := a.body.seconds("ttl_seconds", 10, 300, 60)
	if err := a.body.refusal(); err != nil {
		return 0, nil, err
	}
	one := &session{id: newUUID(), user: a.user, ttl: ttl, deadline: l.now + ttl}
	l.sessions[one.id] = one
	return 201, merged(l.showSession(one), fields{"keepalive_interval_secs": int(ttl.Seconds() / 2)}), nil
}

func (l *law) ofFences(a asked) (int, fields, error) {
	if len(a.path) < 2 || len(a.path) > 3 {
		return nothingAt(a)
	}
	name := a.path[1]
	a.body.checkName(name)
	switch strings.Join(append([]string{a.method}, a.path[2:]...), " ") {
	case "GET":
		return 200, l.showFence(name), a.body.refusal()
	case "POST check":
		return 200, l.showFence(name), l.checkToken(a, name)
	case "POST advance":
		if err := l.checkToken(a, name); err != nil {
			return 0, nil, err
		}
		l.fences[name] = a.body.fencingToken()
		return 200, l.showFence(name), nil
	}
	return nothingAt(a)
}

func (l *law) showFence(name string) fields {
	return fields{"name": name, "highest": l.fences[name]}
}

func (l *law) checkToken(a asked, name string) error {
	token := a.body.fencingToken()
	switch highest := l.fences[name]; {
	case a.body.err != nil:
		return a.body.err
	case token > l.lastToken:
		return invalid("fencing_token must be a token that was issued. The last one is %d.", l.lastToken)
	case token < highest:
		return &refusal{409, "stale_fencing_token", "The fence has seen a higher fencing token.", fields{"highest": highest}}
	}
	return nil
}

var leftOut = []string{
	"watch", "webhooks", "admin", "auth", "status", "metrics", "policy.schema.json", ".well-known",
}

func nothingAt(a asked) (int, fields, error) {
	if slices.Contains(leftOut, a.path[0]) || (len(a.path) == 3 && a.path[2] == "watch") {
		return 0, nil, notInDouble(a.method + " /" + strings.Join(a.path, "/"))
	}
	return 0, nil, &refusal{status: 404, code: "route_not_found", text: "There is nothing at this address."}
}

// notInDouble refuses what a double leaves out. Clients do not retry it.
func notInDouble(what string) error {
	text := `The test double does not answer "` + what + `". Test this against a real server.`
	return &refusal{status: 501, code: "not_in_double", text: text}
}
