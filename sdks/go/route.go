package octostore

import (
	"math"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// endless is the number of rounds of a route that never ends.
const endless = math.MaxInt

// waitedMin is how long a request must have lasted to have waited in line.
const waitedMin = time.Second

// route says which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked once,
// without a pause in between. Before each further round there is a pause, which grows.
type route struct {
	servers *servers
	clock   *clock
	// url is the server for the next attempt.
	url string
	// roundsMax is the last round.
	roundsMax int
	// patientUntil is until when it goes on after the last round, and waits for any Retry-After that ends by then.
	patientUntil instant
	// round is the current one, from 1.
	round int
	// failures is how many rounds have failed since the pauses began to grow.
	failures int
	// asked has the servers that were asked in this round.
	asked map[string]bool
	// busyUntil is until when servers have asked to be left alone.
	busyUntil map[string]instant
}

// choice is a server, and in what time it can be asked.
type choice struct {
	url string
	in  time.Duration
}

func newRoute(s *servers, c *clock, roundsMax int, patientUntil instant) *route {
	return &route{
		servers:      s,
		clock:        c,
		url:          s.fromCurrent()[0],
		roundsMax:    roundsMax,
		patientUntil: patientUntil,
		round:        1,
		asked:        map[string]bool{},
		busyUntil:    map[string]instant{},
	}
}

// restart begins with the first round again, and never ends from then on, because the connection that has been made may break.
func (r *route) restart() {
	r.servers.keep(r.url)
	r.roundsMax, r.round, r.failures = endless, 1, 0
	clear(r.asked)
	clear(r.busyUntil)
}

// next goes on after a failed attempt, which took this long. It returns how long to pause, and whether there is a next attempt.
func (r *route) next(err error, lasted time.Duration) (time.Duration, bool) {
	at := r.clock.now()
	if r.patientUntil != 0 && lasted >= waitedMin {
		r.failures = 0
	}
	r.asked[r.url] = true
	r.busyUntil[r.url] = at.add(retryAfterOf(err))
	// Another server would say the same about a request that this one has understood.
	urls := []string{r.url}
	if isFaultOfServer(err) {
		urls = r.servers.fromCurrent()
	}
	best, isThere := r.inThisRound(urls, at)
	if !isThere {
		best, isThere = r.inNextRound(urls, at)
	}
	if isThere {
		r.url = best.url
	}
	return best.in, isThere
}

func (r *route) inThisRound(urls []string, at instant) (choice, bool) {
	var choices []choice
	for _, url := range urls {
		if !r.asked[url] {
			choices = append(choices, r.choice(url, at, 0))
		}
	}
	return soonest(choices, r.longest(at))
}

func (r *route) inNextRound(urls []string, at instant) (choice, bool) {
	patience := time.Duration(0)
	if r.patientUntil != 0 {
		patience = max(0, r.patientUntil.sub(at))
	}
	if r.round >= r.roundsMax && patience == 0 {
		return choice{}, false
	}
	delay := backoff(r.failures+1, 0)
	if r.round >= r.roundsMax {
		delay = min(delay, patience)
	}
	var choices []choice
	for _, url := range urls {
		choices = append(choices, r.choice(url, at, delay))
	}
	best, isThere := soonest(choices, r.longest(at))
	if !isThere && r.roundsMax == endless {
		best, isThere = soonest(choices, math.MaxInt64)
	}
	r.round++
	r.failures++
	clear(r.asked)
	return best, isThere
}

// longest is the longest pause that is worth it.
func (r *route) longest(at instant) time.Duration {
	if r.patientUntil == 0 {
		return rules.RetryAfterMax
	}
	return max(rules.RetryAfterMax, r.patientUntil.sub(at))
}

func (r *route) choice(url string, at instant, delay time.Duration) choice {
	if until, isBusy := r.busyUntil[url]; isBusy {
		delay = max(delay, until.sub(at))
	}
	return choice{url, delay}
}

// soonest returns the first of those that can be asked soonest, and within the longest pause.
func soonest(choices []choice, longest time.Duration) (choice, bool) {
	best, isThere := choice{}, false
	for _, c := range choices {
		if c.in <= longest && (!isThere || c.in < best.in) {
			best, isThere = c, true
		}
	}
	return best, isThere
}
