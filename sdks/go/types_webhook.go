package octostore

import (
	"encoding/json"
	"time"
)

// NewWebhook is a webhook that shall be.
type NewWebhook struct {
	// URL is where to send what happens, by HTTPS.
	URL string `json:"url"`
	// Secret signs what is sent, for [VerifyWebhook]; it is never shown again. Without one nothing is signed.
	Secret string `json:"secret,omitempty"`
	// Events says which events are sent; all of them by default.
	Events []EventType `json:"events,omitempty"`
	// LockPattern says of which locks, as a glob such as "billing/*"; of all by default.
	LockPattern string `json:"lock_pattern,omitempty"`
}

// Webhook is where the server sends what happens to locks.
type Webhook struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
	URL    string `json:"url"`
	// Secret is "****" if there is one.
	Secret string      `json:"secret,omitempty"`
	Events []EventType `json:"events"`
	// LockPattern is empty for all locks.
	LockPattern string    `json:"lock_pattern,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	Active      bool      `json:"active"`
	// DisabledReason says why the server has stopped calling the webhook; empty while it is active.
	DisabledReason string `json:"disabled_reason,omitempty"`
}

// DeliveryState says what has come of a [Delivery].
type DeliveryState string

const (
	// DeliveryPending waits to be made.
	DeliveryPending DeliveryState = "pending"
	// DeliveryDelivered was made.
	DeliveryDelivered DeliveryState = "delivered"
	// DeliveryDead was given up. [Client.Redeliver] sends it again.
	DeliveryDead DeliveryState = "dead"
)

// Delivery is an event on its way to a webhook.
type Delivery struct {
	// ID is also the header webhook-id, the same on every attempt.
	ID        string        `json:"id"`
	WebhookID string        `json:"webhook_id"`
	State     DeliveryState `json:"state"`
	// DeadReason says why it was given up; empty unless it was.
	DeadReason string    `json:"dead_reason,omitempty"`
	Payload    LockEvent `json:"payload"`
	// Attempts are the most recent ones, oldest first.
	Attempts []DeliveryAttempt `json:"attempts"`
	// NextAttemptAt is zero unless an attempt has failed and another one follows.
	NextAttemptAt time.Time `json:"next_attempt_at,omitzero"`
	CreatedAt     time.Time `json:"created_at"`
}

// DeliveryAttempt is one attempt at a [Delivery].
type DeliveryAttempt struct {
	At time.Time `json:"at"`
	// Status is the HTTP status of the receiver; 0 if it did not answer.
	Status int `json:"status,omitempty"`
	// Error says why the attempt has failed; empty if it has not.
	Error    string        `json:"error,omitempty"`
	Duration time.Duration `json:"-"`
}

// Deliveries is a page of deliveries.
type Deliveries struct {
	// Deliveries are those of the newest events first.
	Deliveries []Delivery `json:"deliveries"`
	// NextBefore asks for the next page; 0 on the last one.
	NextBefore int64 `json:"next_before,omitempty"`
}

func (w Webhook) isWhole() bool {
	return w.ID != "" && w.URL != "" && w.Events != nil && !w.CreatedAt.IsZero()
}

// webhookList is all webhooks of a user.
type webhookList []Webhook

func (l webhookList) isWhole() bool {
	return l != nil && all(l)
}

func (d Delivery) isWhole() bool {
	return d.ID != "" && d.WebhookID != "" && d.State != "" && d.Attempts != nil && d.Payload.isWhole()
}

func (d Deliveries) isWhole() bool {
	return d.Deliveries != nil && all(d.Deliveries)
}

// plainAttempt is a DeliveryAttempt without its methods.
type plainAttempt DeliveryAttempt

// deliveryAttempt is a DeliveryAttempt as the server writes it.
type deliveryAttempt struct {
	plainAttempt
	Milliseconds int64 `json:"duration_ms"`
}

// MarshalJSON writes the attempt as the server does.
func (a DeliveryAttempt) MarshalJSON() ([]byte, error) {
	return json.Marshal(deliveryAttempt{plainAttempt(a), a.Duration.Milliseconds()})
}

// UnmarshalJSON reads the attempt as the server writes it.
func (a *DeliveryAttempt) UnmarshalJSON(data []byte) error {
	var wire deliveryAttempt
	err := json.Unmarshal(data, &wire)
	*a = DeliveryAttempt(wire.plainAttempt)
	a.Duration = clamped(wire.Milliseconds, time.Millisecond)
	return err
}
