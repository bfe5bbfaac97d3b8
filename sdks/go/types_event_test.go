package octostore

import "testing"

func TestADeliveryOfABreakIsRead(t *testing.T) {
	const event = `{"event": "broken", "lock": "a", "holder_id": null, "fencing_token": 7, "timestamp": "2030-01-01T00:00:00Z",
		"sequence": 9, "mode": "counted", "limit": 3, "slots": [2], "reason": "stuck", "broken_by": "administrator"}`
	delivery, err := parsed[Delivery]([]byte(`{"id": "d", "webhook_id": "w", "state": "delivered", "attempts": [], "payload": ` + event + `}`))
	got := delivery.Payload
	if err != nil || got.Event != EventBroken || got.Reason != "stuck" || got.BrokenBy != "administrator" ||
		got.Mode != Counted || got.Limit != 3 || len(got.Slots) != 1 {
		t.Errorf("%+v: %v", got, err)
	}
}

func TestARequestForAReleaseIsAnEvent(t *testing.T) {
	event, err := parsed[LockEvent]([]byte(`{"event": "release_requested", "lock": "a", "timestamp": "2030-01-01T00:00:00Z",
		"sequence": 9, "requested_by": "ada", "message": "deploying", "lease_locks": ["a", "b"]}`))
	if err != nil || event.RequestedBy != "ada" || event.Message != "deploying" || len(event.LeaseLocks) != 2 {
		t.Errorf("%+v: %v", event, err)
	}
}
