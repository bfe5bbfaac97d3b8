package octostore_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"octostore.io/go/octostore"
)

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "not read", http.StatusBadRequest)
		return
	}
	if err := octostore.VerifyWebhook("a-secret-of-yours", r.Header, body); err != nil {
		http.Error(w, "not signed", http.StatusUnauthorized)
		return
	}
	var event octostore.LockEvent
	if err := json.Unmarshal(body, &event); err != nil {
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	fmt.Println(event.Lock, "was", event.Event)
	w.WriteHeader(http.StatusNoContent)
}

// signed is a message as the server sends it.
func signed(secret, body string) *http.Request {
	timestamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "message-1.%s.%s", timestamp, body)
	r := httptest.NewRequest(http.MethodPost, "/hooks/octostore", strings.NewReader(body))
	r.Header.Set("Webhook-Id", "message-1")
	r.Header.Set("Webhook-Timestamp", timestamp)
	r.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return r
}

func ExampleVerifyWebhook() {
	for _, secret := range []string{"a-secret-of-yours", "another"} {
		answer := httptest.NewRecorder()
		receive(answer, signed(secret, `{"event":"released","lock":"billing/nightly"}`))
		fmt.Println(answer.Code)
	}
	// Output:
	// billing/nightly was released
	// 204
	// 401
}
