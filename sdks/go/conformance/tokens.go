package main

import (
	"context"
	"sync"
	"time"
)

// tokens are what a token source gives, one after the other. Then it fails, or gives the last one again.
type tokens struct {
	Tokens  []string `json:"tokens"`
	Fails   string   `json:"fails"`
	DelayMS int64    `json:"delay_ms"`

	mutex sync.Mutex
	last  string
}

// source is nil if there are none.
func (t *tokens) source() func(context.Context) (string, error) {
	if t == nil {
		return nil
	}
	return t.next
}

func (t *tokens) next(context.Context) (string, error) {
	time.Sleep(time.Duration(t.DelayMS) * time.Millisecond)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	switch {
	case len(t.Tokens) > 0:
		t.last, t.Tokens = t.Tokens[0], t.Tokens[1:]
	case t.Fails != "":
		return "", programError(t.Fails)
	}
	return t.last, nil
}
