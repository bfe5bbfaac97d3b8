package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var publicKey, privateKey, _ = ed25519.GenerateKey(nil)

type oneKey struct{}

func (oneKey) find(id string, _ time.Time) ed25519.PublicKey {
	if id == "k1" {
		return publicKey
	}
	return nil
}

type object = map[string]any

func encode(value any) string {
	bytes, _ := json.Marshal(value)
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func sign(head, claims object) string {
	text := encode(head) + "." + encode(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(privateKey, []byte(text)))
}

func with(values object, name string, value any) object {
	changed := object{}
	for key, value := range values {
		changed[key] = value
	}
	changed[name] = value
	return changed
}

func TestVerify(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	head := object{"alg": "EdDSA", "typ": "octostore-proof+jwt", "kid": "k1"}
	lock := object{"name": "a", "mode": "exclusive"}
	claims := object{
		"iss": "octostore", "fencing_token": 7, "locks": []object{{"name": "b", "mode": "shared"}, lock},
		"iat": now.Unix(), "exp": now.Unix() + 60,
	}
	good := sign(head, claims)
	parts := strings.Split(good, ".")
	forged := parts[0] + "." + encode(with(claims, "fencing_token", 8)) + "." + parts[2]
	accept := verifier{keys: oneKey{}, lock: "a"}

	if proof, err := accept.verify(good, now); err != nil || proof.FencingToken != 7 {
		t.Fatalf("a good proof: %v, %v", proof, err)
	}
	if _, err := accept.verify(sign(head, with(claims, "exp", now.Unix()-4)), now); err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	for name, token := range map[string]string{
		"nothing":           "",
		"changed":           forged,
		"not signed":        parts[0] + "." + parts[1] + ".",
		"no algorithm":      encode(with(head, "alg", "none")) + "." + parts[1] + ".",
		"another algorithm": sign(with(head, "alg", "HS256"), claims),
		"another type":      sign(with(head, "typ", "JWT"), claims),
		"an unknown key":    sign(with(head, "kid", "k2"), claims),
		"critical members":  sign(with(head, "crit", []string{"x"}), claims),
		"another issuer":    sign(head, with(claims, "iss", "someone")),
		"expired":           sign(head, with(claims, "exp", now.Unix()-5)),
		"not valid yet":     sign(head, with(claims, "iat", now.Unix()+6)),
		"another lock":      sign(head, with(claims, "locks", []object{{"name": "b", "mode": "exclusive"}})),
		"a shared lock":     sign(head, with(claims, "locks", []object{{"name": "a", "mode": "shared"}})),
		"no locks":          sign(head, with(claims, "locks", nil)),
	} {
		if _, err := accept.verify(token, now); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRecord(t *testing.T) {
	var data record
	for _, step := range []struct {
		token int64
		want  error
	}{{3, nil}, {3, nil}, {2, errStale}, {4, nil}, {3, errStale}} {
		if err := data.write("text", step.token); err != step.want {
			t.Errorf("token %d: %v", step.token, err)
		}
	}
}
