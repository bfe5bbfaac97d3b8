package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How much the clocks of this machine and of the server may differ.
const leeway = 5 * time.Second

// proof is what a valid proof says.
type proof struct {
	Issuer       string `json:"iss"`
	HolderID     string `json:"sub"`
	Holder       string `json:"holder"`
	FencingToken int64  `json:"fencing_token"`
	IssuedAt     int64  `json:"iat"`
	ExpiresAt    int64  `json:"exp"`
	Locks        []struct {
		Name string `json:"name"`
		Mode string `json:"mode"`
	} `json:"locks"`
}

type header struct {
	Algorithm string   `json:"alg"`
	Type      string   `json:"typ"`
	KeyID     string   `json:"kid"`
	Critical  []string `json:"crit"`
}

// verifier verifies that the holder of a proof holds a lock alone.
type verifier struct {
	keys interface {
		find(id string, now time.Time) ed25519.PublicKey
	}
	lock string
}

// verify returns what a proof says, or an error if it does not prove that the lock is held.
func (v verifier) verify(token string, now time.Time) (*proof, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("there is no proof in the header Lock-Proof")
	}
	if err := v.verifySignature(parts, now); err != nil {
		return nil, err
	}
	var claims proof
	if err := decode(parts[1], &claims); err != nil {
		return nil, errors.New("the proof cannot be read")
	}
	return &claims, v.check(claims, now)
}

// verifySignature accepts one algorithm and one type only, so no other signed token can pass for a proof.
func (v verifier) verifySignature(parts []string, now time.Time) error {
	var head header
	if err := decode(parts[0], &head); err != nil {
		return errors.New("the header of the proof cannot be read")
	}
	if head.Algorithm != "EdDSA" || head.Type != "octostore-proof+jwt" || head.Critical != nil {
		return errors.New("this is not a proof of OctoStore")
	}
	key := v.keys.find(head.KeyID, now)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if key == nil || err != nil || !ed25519.Verify(key, []byte(parts[0]+"."+parts[1]), signature) {
		return errors.New("the signature of the proof is not valid")
	}
	return nil
}

func (v verifier) check(claims proof, now time.Time) error {
	if claims.Issuer != "octostore" {
		return errors.New("this is not a proof of OctoStore")
	}
	if now.Add(-leeway).Unix() >= claims.ExpiresAt || now.Add(leeway).Unix() < claims.IssuedAt {
		return errors.New("the proof is not valid at this time")
	}
	for _, lock := range claims.Locks {
		if lock.Name == v.lock && lock.Mode == "exclusive" {
			return nil
		}
	}
	return fmt.Errorf("the proof is not about holding %q alone", v.lock)
}

func decode(part string, into any) error {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(bytes, into)
}
