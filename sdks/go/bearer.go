package octostore

import (
	"context"
	"errors"
	"sync/atomic"
)

// bearer is the token of a client. It may be replaced while requests are under way; the old one ends at once, so that some
// of them may be refused although the client has a valid token by then.
type bearer struct {
	token atomic.Pointer[string]
	// turn is full while a rotation is under way.
	turn chan struct{}
}

func newBearer(token string) *bearer {
	b := &bearer{turn: make(chan struct{}, 1)}
	b.token.Store(&token)
	return b
}

// present is the token that the client has now; empty if it has none.
func (b *bearer) present() string {
	return *b.token.Load()
}

// rotate replaces the token by what ask gets for it. One rotation comes after the other. It fails with the error of ask, or
// with that of ctx if this is done before its turn has come.
func (b *bearer) rotate(ctx context.Context, ask func(token string) (string, error)) (string, error) {
	if err := b.takeTurn(ctx); err != nil {
		return "", err
	}
	defer b.endTurn()
	token, err := ask(b.present())
	if err != nil {
		return "", err
	}
	b.token.Store(&token)
	return token, nil
}

// sendAs makes an attempt with the present token, and one more each time that it is refused with 401 although, or because,
// the token was replaced meanwhile. A refused attempt has had no effect. It waits for a rotation that is under way, and
// fails with the error of ctx if this is done before.
func sendAs[T any](ctx context.Context, b *bearer, attempt func(token string) (T, error)) (T, error) {
	for {
		token := b.present()
		value, err := attempt(token)
		if !errors.Is(err, ErrAuthentication) {
			return value, err
		}
		if token == b.present() {
			if err := b.awaitRotation(ctx); err != nil {
				return value, err
			}
		}
		if token == b.present() {
			return value, err
		}
	}
}

// awaitRotation returns when no rotation is under way.
func (b *bearer) awaitRotation(ctx context.Context) error {
	err := b.takeTurn(ctx)
	if err == nil {
		b.endTurn()
	}
	return err
}

func (b *bearer) takeTurn(ctx context.Context) error {
	select {
	case b.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bearer) endTurn() {
	<-b.turn
}
