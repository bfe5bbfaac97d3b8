package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"sync"
	"time"
)

// How often the keys are loaded again at most. Otherwise anyone could make us send requests by naming unknown keys.
const reloadEvery = time.Minute

const loadTimeout = 10 * time.Second

// keySet has the public keys of a server, by their ids.
type keySet struct {
	url      string
	mu       sync.Mutex
	keys     map[string]ed25519.PublicKey
	loadedAt time.Time
}

func loadKeys(url string) (*keySet, error) {
	set := &keySet{url: url, loadedAt: time.Now()}
	return set, set.load()
}

// find returns the key with an id, or nil. A key is published an hour before it signs, so an unknown one is rare: then the keys may have
// changed, and are loaded again.
func (s *keySet) find(id string, now time.Time) ed25519.PublicKey {
	if key, mustLoad := s.known(id, now); !mustLoad {
		return key
	}
	if err := s.load(); err != nil {
		log.Printf("the keys of OctoStore cannot be loaded again: %v", err)
	}
	key, _ := s.known(id, now)
	return key
}

// known returns the key if there is one, and otherwise whether it is time to load the keys again. It says so to one caller only.
func (s *keySet) known(id string, now time.Time) (key ed25519.PublicKey, mustLoad bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key = s.keys[id]
	if key != nil || now.Sub(s.loadedAt) < reloadEvery {
		return key, false
	}
	s.loadedAt = now
	return nil, true
}

func (s *keySet) load() error {
	client := http.Client{Timeout: loadTimeout}
	response, err := client.Get(s.url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", s.url, response.Status)
	}
	var set struct {
		Keys []struct{ Kty, Crv, X, Kid string }
	}
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		return err
	}
	keys := map[string]ed25519.PublicKey{}
	for _, key := range set.Keys {
		bytes, err := base64.RawURLEncoding.DecodeString(key.X)
		if key.Kty == "OKP" && key.Crv == "Ed25519" && err == nil && len(bytes) == ed25519.PublicKeySize {
			keys[key.Kid] = bytes
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = keys
	return nil
}
