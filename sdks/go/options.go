package octostore

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// ClientOptions say which server a [Client] uses, and as which user. All are optional.
type ClientOptions struct {
	// BaseURL is the address of the server. By default the environment variable OCTOSTORE_BASE_URL, or
	// http://localhost:3000 if that is not set. If the service runs on several servers, it has the addresses of all, separated by
	// commas.
	BaseURL string
	// BaseURLs are the addresses of several servers of one service, instead of BaseURL. The client begins with the first one, and
	// changes over to the next one when a server does not work. It sends its token to each of them.
	BaseURLs []string
	// Token is the user's token. By default the environment variable OCTOSTORE_TOKEN. Without a token, only public
	// requests work.
	Token string `json:"-"`
	// TokenSource returns the user's token, instead of Token. It is asked before the first request, and again after the server
	// has refused the token. If it fails, so does the call, with an error of the kind [ErrAuthentication] that wraps its error.
	// [Client.RotateToken] then fails with [ErrValidation].
	TokenSource func(ctx context.Context) (string, error) `json:"-"`
	// Observe receives everything that happens to the locks and sessions that the client holds. It must return quickly, be safe
	// for concurrent use, and not call methods of the lock or session.
	Observe func(HandleEvent) `json:"-"`
	// Timeout limits one HTTP attempt, up to the end of the response. 10 seconds by default. An acquire that waits in
	// line gets its wait on top.
	Timeout time.Duration
	// NoToken makes a client without a token, whatever OCTOSTORE_TOKEN says.
	NoToken bool
	// WaitSlice is how long one request waits in line at most, in whole seconds from 1 to 60. 25 seconds by default. A longer
	// wait goes on with another request, which keeps the place in line.
	WaitSlice time.Duration
	// ReleaseOnExit closes the open locks and sessions of the client on SIGINT and SIGTERM, within a second in all. Then the
	// process ends as the signal says. Go cannot do this when main returns: use defer, or [Client.CloseAll].
	ReleaseOnExit bool
	// HandlesSignals says that the program has handlers of its own for SIGINT and SIGTERM, and ends after them by itself. With
	// ReleaseOnExit, the client then only closes its locks and sessions.
	HandlesSignals bool
	// Logger gets what no one else learns of: the errors of elections that no one asks for, and locks that were forgotten.
	// [slog.Default] by default.
	Logger *slog.Logger `json:"-"`
	// Transport makes the HTTP requests; [http.DefaultTransport] by default.
	Transport http.RoundTripper
}

// String is for logs and debugging. It leaves out the token.
func (o ClientOptions) String() string {
	return "octostore.ClientOptions(" + strings.Join(o.addresses(), ", ") + ")"
}

// GoString is the same for the verb %#v.
func (o ClientOptions) GoString() string {
	return o.String()
}

// resolved checks the options and fills in the defaults.
func (o ClientOptions) resolved() (ClientOptions, error) {
	if o.TokenSource == nil {
		o.Token = cmp.Or(o.Token, os.Getenv("OCTOSTORE_TOKEN"))
	}
	if o.NoToken {
		o.Token = ""
	}
	o.Timeout = cmp.Or(o.Timeout, rules.TimeoutDefault)
	o.WaitSlice = cmp.Or(o.WaitSlice, rules.WaitSliceDefault)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	if o.Timeout < 0 {
		return o, validationError("a time-out is more than 0")
	}
	if err := checkWaitSlice(o.WaitSlice); err != nil {
		return o, err
	}
	if o.Token != "" {
		if err := checkToken(o.Token); err != nil {
			return o, err
		}
	}
	if o.BaseURLs == nil && o.BaseURL == "" {
		o.BaseURL = cmp.Or(os.Getenv("OCTOSTORE_BASE_URL"), rules.DefaultBaseURL)
	}
	var err error
	o.BaseURLs, err = checkedBaseURLs(o.addresses())
	return o, err
}

func (o ClientOptions) addresses() []string {
	if o.BaseURL == "" {
		return o.BaseURLs
	}
	return append([]string{o.BaseURL}, o.BaseURLs...)
}

// HoldOptions say how to hold a lock. All are optional.
type HoldOptions struct {
	// TTL is how long the lock is held without a renewal, in whole seconds from 1 to 3600. 60 seconds by default.
	TTL time.Duration
	// Wait is how long to wait in line if someone else holds the lock. 0 by default, no upper limit.
	Wait time.Duration
	// WaitSlice is how long one request waits in line at most, in whole seconds from 1 to 60. The client's by default.
	WaitSlice time.Duration
	// Metadata is a note of at most 1024 bytes, shown to everyone who looks at the lock.
	Metadata string
	// Mode is Shared to hold the lock together with everyone else who says so. Leave it out if you set Limit. Exclusive by
	// default.
	Mode LockMode
	// Limit makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same
	// limit.
	Limit int
	// Permits is how many permits of a counted lock you want, 1 to Limit. 1 by default.
	Permits int
	// LockDelay is for how long no one gets the lock after its lease has expired, or its session, or someone has broken it: 0 to
	// 60 seconds, in whole seconds. Use it if the work that the lock protects may go on for a moment. The lock must be exclusive.
	LockDelay time.Duration
	// MinHold is for how long after the grant no one else gets the lock, even if you release it sooner: 0 to TTL, in whole seconds.
	// The lock must be exclusive.
	MinHold time.Duration
	// Proof asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
	Proof bool
	// Session ties the lock to a session. When the session is lost or ends, so is the lock.
	Session *Session
	// LeaseID is a UUID for the lease, such as to find your place in line with [Client.Queue]. A new one by default.
	LeaseID string
}

// ElectOptions say how to campaign and lead. All are optional.
type ElectOptions struct {
	// TTL is how long the lock is held without a renewal, in whole seconds from 1 to 3600. 60 seconds by default. If a
	// leader disappears, the next one leads after this time.
	TTL time.Duration
	// WaitSlice is how long one request waits in line at most, in whole seconds from 1 to 60. The client's by default.
	WaitSlice time.Duration
	// Metadata is a note of at most 1024 bytes, shown to everyone who looks at the lock.
	Metadata string
	// Session ties the lock to a session. When the session is lost or ends, so is the lock.
	Session *Session
	// LockDelay is for how long no one leads after the lease of the leader has expired, or its session, or someone has broken it:
	// 0 to 60 seconds, in whole seconds. Use it if a leader may go on for a moment.
	LockDelay time.Duration
	// Once leaves the election after leading once.
	Once bool
}

// AcquireOptions say how to acquire a lock. All are optional.
type AcquireOptions struct {
	// TTL is how long the lease lasts, in whole seconds from 1 to 3600. 60 seconds by default.
	TTL time.Duration
	// Wait is how long to wait in line if someone else holds the lock. 0 by default, no upper limit.
	Wait time.Duration
	// WaitSlice is how long one request waits in line at most, in whole seconds from 1 to 60. The client's by default.
	WaitSlice time.Duration
	// Metadata is a note of at most 1024 bytes, shown to everyone who looks at the lock.
	Metadata string
	// Mode is Shared to hold the lock together with everyone else who says so. Leave it out if you set Limit. Exclusive by
	// default.
	Mode LockMode
	// Limit makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same
	// limit.
	Limit int
	// Permits is how many permits of a counted lock you want, 1 to Limit. 1 by default.
	Permits int
	// LockDelay is for how long no one gets the lock after its lease has expired, or its session, or someone has broken it: 0 to
	// 60 seconds, in whole seconds. Use it if the work that the lock protects may go on for a moment. The lock must be exclusive.
	LockDelay time.Duration
	// MinHold is for how long after the grant no one else gets the lock, even if you release it sooner: 0 to TTL, in whole seconds.
	// The lock must be exclusive.
	MinHold time.Duration
	// Proof asks for a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
	Proof bool
	// SessionID ties the lease to a session.
	SessionID string
	// LeaseID is a UUID for the lease. A new one by default.
	LeaseID string
}

// resolved checks the options and fills in the defaults.
func (o AcquireOptions) resolved(waitSlice time.Duration) (AcquireOptions, error) {
	o.TTL = cmp.Or(o.TTL, rules.TTLDefault)
	o.WaitSlice = cmp.Or(o.WaitSlice, waitSlice)
	if o.LeaseID == "" {
		o.LeaseID = newUUID()
	}
	return o, cmp.Or(checkCooling(o.LockDelay, o.MinHold, o.TTL), checkTTL(o.TTL), checkWait(o.Wait), checkWaitSlice(o.WaitSlice), checkMetadata(o.Metadata))
}

// SessionOptions say how to open a session. All are optional.
type SessionOptions struct {
	// TTL is how long the session lives without a keepalive, in whole seconds from 10 to 300. 60 seconds by default.
	TTL time.Duration
}

// resolved checks the options and fills in the defaults.
func (o SessionOptions) resolved() (SessionOptions, error) {
	o.TTL = cmp.Or(o.TTL, rules.SessionTTLDefault)
	return o, checkSessionTTL(o.TTL)
}

// ListOptions say which locks to list. By default, all that are held.
type ListOptions struct {
	// Prefix lists only locks whose names begin with it.
	Prefix string
	// Mine lists only your own locks.
	Mine bool
}

// DeliveriesOptions say which deliveries to list. By default, the newest ones.
type DeliveriesOptions struct {
	// Limit is the maximum number, 1 to 100. 50 by default.
	Limit int
	// Before continues where the previous page ended. Pass its NextBefore.
	Before int64
}
