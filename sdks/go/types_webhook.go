package octostore

import (
	"encoding/json"
	"time"
)

// NewWebhook describes a webhook to create.
type NewWebhook struct {
	// URL is the HTTPS URL that the server sends events to.
	URL string `json:"url"`
	// Secret signs each delivery, for [VerifyWebhook]. It is never shown again. Without one, nothing is signed.
	Secret string `json:"secret,omitempty"`
	// Events says which events to send. All by default.
	Events []EventType `json:"events,omitempty"`
	// LockPattern says which locks to send events for, as a glob such as "billing/*". All by default.
	LockPattern string `json:"lock_pattern,omitempty"`
}

// Webhook is where the server sends events of locks.
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
	// DisabledReason says why the server no longer sends to the webhook. Empty while it is active.
	DisabledReason string `json:"disabled_reason,omitempty"`
}

// DeliveryState is the state of a [Delivery].
type DeliveryState string

const (
	// DeliveryPending means that it is still to be delivered.
	DeliveryPending DeliveryState = "pending"
	// DeliveryDelivered means that it was delivered.
	DeliveryDelivered DeliveryState = "delivered"
	// DeliveryDead means that it has failed for good. [Client.Redeliver] sends it again.
	DeliveryDead DeliveryState = "dead"
)

// Delivery is an event on its way to a webhook.
type Delivery struct {
	// ID is also sent as the header webhook-id. The same on every attempt.
	ID        string        `json:"id"`
	WebhookID string        `json:"webhook_id"`
	State     DeliveryState `json:"state"`
	// DeadReason says why it has failed for good. Empty otherwise.
	DeadReason string    `json:"dead_reason,omitempty"`
	Payload    LockEvent `json:"payload"`
	// Attempts are the most recent attempts, oldest first.
	Attempts []DeliveryAttempt `json:"attempts"`
	// NextAttemptAt is zero unless an attempt has failed and another one follows.
	NextAttemptAt time.Time `json:"next_attempt_at,omitzero"`
	CreatedAt     time.Time `json:"created_at"`
}

// DeliveryAttempt is one attempt at a [Delivery].
type DeliveryAttempt struct {
	At time.Time `json:"at"`
	// Status is the HTTP status of the receiver. 0 if it did not respond.
	Status int `json:"status,omitempty"`
	// Error says why the attempt failed. Empty if it did not.
	Error    string        `json:"error,omitempty"`
	Duration time.Duration `json:"-"`
}

// Deliveries is a page of deliveries.
type Deliveries struct {
	// Deliveries has the newest event first.
	Deliveries []Delivery `json:"deliveries"`
	// NextBefore gets the next page if you pass it as Before. 0 on the last page.
	NextBefore int64 `json:"next_before,omitempty"`
}

func (w Webhook) isWhole() bool {
	return w.ID != "" && w.URL != "" && w.Events != nil && !w.CreatedAt.IsZero()
}

// webhookList is all of a user's webhooks.
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

// deliveryAttempt is a DeliveryAttempt in the server's format.
type deliveryAttempt struct {
	plainAttempt
	Milliseconds int64 `json:"duration_ms"`
}

// MarshalJSON writes the attempt in the server's format.
func (a DeliveryAttempt) MarshalJSON() ([]byte, error) {
	return json.Marshal(deliveryAttempt{plainAttempt(a), a.Duration.Milliseconds()})
}

// UnmarshalJSON reads the attempt in the server's format.
func (a *DeliveryAttempt) UnmarshalJSON(data []byte) error {
	var wire deliveryAttempt
	err := json.Unmarshal(data, &wire)
	*a = DeliveryAttempt(wire.plainAttempt)
	a.Duration = clamped(wire.Milliseconds, time.Millisecond)
	return err
}
