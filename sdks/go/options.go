package octostore

import (
	"cmp"
	"net/http"
	"os"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// ClientOptions say which server a [Client] asks, and as whom. All are optional.
type ClientOptions struct {
	// BaseURL is where the server is: by default the environment variable OCTOSTORE_BASE_URL, and without that
	// http://localhost:3000.
	BaseURL string
	// Token is that of the user: by default the environment variable OCTOSTORE_TOKEN. Without a token only what is public
	// can be asked for.
	Token string `json:"-"`
	// Timeout is how long one HTTP attempt may take, up to the end of the answer; 10 seconds by default. Time that the
	// server is asked to wait comes on top.
	Timeout time.Duration
	// Transport makes the HTTP requests; [http.DefaultTransport] by default.
	Transport http.RoundTripper
}

// String is for people. It leaves out the token.
func (o ClientOptions) String() string {
	return "octostore.ClientOptions(" + o.BaseURL + ")"
}

// GoString is the same for the verb %#v.
func (o ClientOptions) GoString() string {
	return o.String()
}

// resolved checks the options and puts defaults where nothing is.
func (o ClientOptions) resolved() (ClientOptions, error) {
	o.BaseURL = cmp.Or(o.BaseURL, os.Getenv("OCTOSTORE_BASE_URL"), rules.DefaultBaseURL)
	o.Token = cmp.Or(o.Token, os.Getenv("OCTOSTORE_TOKEN"))
	o.Timeout = cmp.Or(o.Timeout, rules.TimeoutDefault)
	if o.Timeout < 0 {
		return o, validationError("a time-out is more than 0")
	}
	if o.Token != "" {
		if err := checkToken(o.Token); err != nil {
			return o, err
		}
	}
	var err error
	o.BaseURL, err = checkedBaseURL(o.BaseURL)
	return o, err
}

// HoldOptions say how to hold a lock. All are optional.
type HoldOptions struct {
	// TTL is how long the lock is held without a renewal, in whole seconds from 1 to 3600; 60 seconds by default.
	TTL time.Duration
	// Wait is how long to wait in line if somebody else has the lock; not at all by default, and as long as you like.
	Wait time.Duration
	// Metadata is a note of at most 1024 bytes that everybody who looks at the lock sees.
	Metadata string
	// Session ties the lock to a session, with which it is lost at the latest.
	Session *Session
}

// ElectOptions say how to campaign and lead. All are optional.
type ElectOptions struct {
	// TTL is how long the lock is held without a renewal, in whole seconds from 1 to 3600; 60 seconds by default. When a
	// leader vanishes, the next one leads after this time.
	TTL time.Duration
	// Metadata is a note of at most 1024 bytes that everybody who looks at the lock sees.
	Metadata string
	// Session ties the lock to a session, with which it is lost at the latest.
	Session *Session
	// Once leaves the election after having led once.
	Once bool
}

// AcquireOptions say how to acquire a lock. All are optional.
type AcquireOptions struct {
	// TTL is how long the lease lasts, in whole seconds from 1 to 3600; 60 seconds by default.
	TTL time.Duration
	// Wait is how long to wait in line if somebody else has the lock; not at all by default, and as long as you like.
	Wait time.Duration
	// Metadata is a note of at most 1024 bytes that everybody who looks at the lock sees.
	Metadata string
	// SessionID ties the lease to a session.
	SessionID string
	// LeaseID is the id that the lease shall have, a UUID; a new one by default.
	LeaseID string
}

// resolved checks the options and puts defaults where nothing is.
func (o AcquireOptions) resolved() (AcquireOptions, error) {
	o.TTL = cmp.Or(o.TTL, rules.TTLDefault)
	if o.LeaseID == "" {
		o.LeaseID = newUUID()
	}
	return o, cmp.Or(checkTTL(o.TTL), checkWait(o.Wait), checkMetadata(o.Metadata))
}

// SessionOptions say how to open a session. All are optional.
type SessionOptions struct {
	// TTL is how long the session lives without a keepalive, in whole seconds from 10 to 300; 60 seconds by default.
	TTL time.Duration
}

// resolved checks the options and puts defaults where nothing is.
func (o SessionOptions) resolved() (SessionOptions, error) {
	o.TTL = cmp.Or(o.TTL, rules.SessionTTLDefault)
	return o, checkSessionTTL(o.TTL)
}

// ListOptions say which locks to list; by default all that are held.
type ListOptions struct {
	// Prefix lists only locks whose names begin with it.
	Prefix string
	// Mine lists only your own locks.
	Mine bool
}

// DeliveriesOptions say which deliveries to list; by default the newest ones.
type DeliveriesOptions struct {
	// Limit is how many at most, from 1 to 100; 50 by default.
	Limit int
	// Before continues where the page before has ended, with its NextBefore.
	Before int64
}
