package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"maps"
	"sync"
	"time"

	"octostore.io/go/octostore"
)

// request is what the driver is told. Each uses some of it.
type request struct {
	ID            int64                  `json:"id"`
	Do            string                 `json:"do"`
	As            string                 `json:"as"`
	Client        string                 `json:"client"`
	Handle        string                 `json:"handle"`
	Session       string                 `json:"session"`
	Watch         string                 `json:"watch"`
	Election      string                 `json:"election"`
	Block         string                 `json:"block"`
	BaseURL       addresses              `json:"base_url"`
	Token         optionalText           `json:"token"`
	TokenFunction *tokens                `json:"token_function"`
	Locks         []octostore.WantedLock `json:"locks"`
	Mode          octostore.LockMode     `json:"mode"`
	Limit         int                    `json:"limit"`
	Permits       int                    `json:"permits"`
	Proof         bool                   `json:"proof"`
	LockDelay     *int64                 `json:"lock_delay_seconds"`
	MinHold       *int64                 `json:"min_hold_seconds"`
	Reason        string                 `json:"reason"`
	Message       string                 `json:"message"`
	FencingToken  int64                  `json:"fencing_token"`
	WaitSlice     *int64                 `json:"wait_slice_seconds"`
	OnExit        bool                   `json:"release_on_exit"`
	Fails         string                 `json:"fails"`
	Name          string                 `json:"name"`
	Prefix        *string                `json:"prefix"`
	Owner         string                 `json:"owner"`
	LeaseID       string                 `json:"lease_id"`
	SessionID     string                 `json:"session_id"`
	TTLSeconds    *int64                 `json:"ttl_seconds"`
	WaitSeconds   int64                  `json:"wait_seconds"`
	TimeoutMS     int64                  `json:"timeout_ms"`
	Metadata      string                 `json:"metadata"`
	URL           string                 `json:"url"`
	Secret        string                 `json:"secret"`
	Events        []octostore.EventType  `json:"events"`
	LockPattern   string                 `json:"lock_pattern"`
	WebhookID     string                 `json:"webhook_id"`
	DeliveryID    string                 `json:"delivery_id"`
	Headers       map[string]string      `json:"headers"`
	Body          string                 `json:"body"`
	NowSeconds    int64                  `json:"now_seconds"`
}

// addresses are one base URL or several.
type addresses []string

func (a *addresses) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = addresses{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// optionalText tells a text that is left out from one that is null.
type optionalText struct {
	text   string
	isNull bool
}

func (t *optionalText) UnmarshalJSON(data []byte) error {
	t.isNull = string(data) == "null"
	return json.Unmarshal(data, &t.text)
}

func (r request) ttl() time.Duration {
	return seconds(r.TTLSeconds)
}

func (r request) waitSlice() time.Duration {
	return seconds(r.WaitSlice)
}

// seconds is 0 for what is left out. So the 0 seconds that some scenarios give are the shortest time that there is.
func seconds(number *int64) time.Duration {
	if number == nil {
		return 0
	}
	if *number == 0 {
		return time.Nanosecond
	}
	return time.Duration(*number) * time.Second
}

func (r request) wait() time.Duration {
	return time.Duration(r.WaitSeconds) * time.Second
}

func (r request) timeout() time.Duration {
	return time.Duration(r.TimeoutMS) * time.Millisecond
}

// object is a JSON object.
type object map[string]any

// reply is the answer to a request.
func reply(r request, value any, err error) object {
	if err != nil {
		return object{"id": r.ID, "error": errorFacts(err)}
	}
	return object{"id": r.ID, "value": value}
}

// errorFacts are the fields of an error, as the protocol names them.
func errorFacts(err error) object {
	if err == nil {
		return nil
	}
	var own programError
	e, isSDK := as[*octostore.Error](err)
	isCause := isSDK && errors.As(e, &own)
	if !isCause && errors.As(err, &own) {
		return object{"type": "program", "message": own.Error()}
	}
	if !isSDK {
		log.Fatalf("an error that is none of the SDK's: %v", err)
	}
	facts := object{
		"type":       e.Kind,
		"message":    e.Message,
		"code":       orNull(e.Code),
		"status":     orNull(e.Status),
		"request_id": orNull(e.RequestID),
	}
	if e.RetryAfter != 0 {
		facts["retry_after_ms"] = e.RetryAfter.Milliseconds()
	}
	if isCause {
		facts["cause"] = own.Error()
	}
	maps.Copy(facts, particulars(err))
	return facts
}

func particulars(err error) object {
	if held, is := as[*octostore.HeldError](err); is {
		return object{
			"lock":       held.Lock,
			"holder":     orNull(held.Holder),
			"holder_id":  orNull(held.HolderID),
			"expires_at": held.ExpiresAt,
			"metadata":   orNull(held.Metadata),
			"limit":      orNull(held.Limit),
			"position":   orNull(held.Position),
			"waiters":    held.Waiters,
		}
	}
	if stale, is := as[*octostore.StaleTokenError](err); is {
		return object{"highest": stale.Highest}
	}
	if broken, is := as[*octostore.LeaseBrokenError](err); is {
		return object{"reason": broken.Reason, "broken_by": broken.BrokenBy, "broken_at": broken.BrokenAt}
	}
	return object{}
}

func as[T error](err error) (found T, is bool) {
	is = errors.As(err, &found)
	return found, is
}

// programError is an error of the program, not of the SDK.
type programError string

func (e programError) Error() string {
	return string(e)
}

// orNull is null in the place of what is empty.
func orNull[T comparable](value T) any {
	var none T
	if value == none {
		return nil
	}
	return value
}

// writer writes one object a line.
type writer struct {
	mutex  sync.Mutex
	output *json.Encoder
}

func newWriter(output io.Writer) *writer {
	return &writer{output: json.NewEncoder(output)}
}

func (w *writer) write(o object) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if err := w.output.Encode(o); err != nil {
		log.Fatal(err)
	}
}
