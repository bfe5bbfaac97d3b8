package octostore

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

const (
	// base64KeyPrefix is the prefix of a secret whose key is in base64.
	base64KeyPrefix = "whsec_"
	// signaturePrefix is the prefix of a signature in the version that this library supports.
	signaturePrefix = "v1,"
)

// VerifyWebhook checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off, and
// fails with [ErrSignature] if not. The body must be exactly the bytes received; it holds a [LockEvent] as JSON. Remember
// the header webhook-id to recognise repeats.
func VerifyWebhook(secret string, header http.Header, body []byte) error {
	return VerifyWebhookAt(secret, header, body, time.Now())
}

// VerifyWebhookAt does the same for a delivery that arrived at the given time.
func VerifyWebhookAt(secret string, header http.Header, body []byte, at time.Time) error {
	id, timestamp := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp")
	if !isNear(timestamp, at) {
		return signatureError("the time stamp is missing or too far off")
	}
	key, err := signingKey(secret)
	if err != nil || len(key) == 0 {
		return signatureError("the secret holds no key")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	expected := mac.Sum(nil)
	for entry := range strings.FieldsSeq(header.Get("Webhook-Signature")) {
		encoded, isKnown := strings.CutPrefix(entry, signaturePrefix)
		signature, err := base64.StdEncoding.DecodeString(encoded)
		if isKnown && err == nil && hmac.Equal(signature, expected) {
			return nil
		}
	}
	return signatureError("the signature does not match")
}

func isNear(timestamp string, at time.Time) bool {
	seconds, err := strconv.ParseUint(timestamp, 10, 63)
	return err == nil && at.Sub(time.Unix(int64(seconds), 0)).Abs() <= rules.WebhookTolerance
}

func signingKey(secret string) ([]byte, error) {
	if encoded, isBase64 := strings.CutPrefix(secret, base64KeyPrefix); isBase64 {
		return base64.StdEncoding.DecodeString(encoded)
	}
	return []byte(secret), nil
}

func signatureError(message string) error {
	return &Error{Kind: ErrSignature, Message: message}
}
