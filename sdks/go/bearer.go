package octostore

import (
	"context"
	"errors"
	"sync/atomic"
)

// bearer is a client's token. It can be replaced while requests are under way. The old token stops working immediately,
// so some of these requests may get a 401 although the client has a valid token by then.
type bearer struct {
	token atomic.Pointer[string]
	// turn is full while a rotation is under way.
	turn chan struct{}
	// source is nil if there is none.
	source tokenSource
}

// tokenSource returns a token, and may be asked again.
type tokenSource func(context.Context) (string, error)

func newBearer(token string, source tokenSource) *bearer {
	b := &bearer{turn: make(chan struct{}, 1), source: source}
	b.token.Store(&token)
	return b
}

// present is the client's current token, empty if it has none.
func (b *bearer) present() string {
	return *b.token.Load()
}

// current returns the token, and asks the source for it if there is none yet. It fails if there is no token.
func (b *bearer) current(ctx context.Context) (string, error) {
	if token := b.present(); token != "" {
		return token, nil
	}
	if b.source == nil {
		return "", &Error{
			Kind:    ErrAuthentication,
			Message: "this call needs a token, and the client has none: set ClientOptions.Token or OCTOSTORE_TOKEN",
		}
	}
	return b.renewed(ctx, "")
}

// renewed asks the source for a token, unless the old one has been replaced meanwhile.
func (b *bearer) renewed(ctx context.Context, old string) (string, error) {
	if err := b.takeTurn(ctx); err != nil {
		return "", err
	}
	defer b.endTurn()
	if token := b.present(); token != old {
		return token, nil
	}
	token, err := b.source(ctx)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		// The message does not quote it, because it could contain anything.
		return "", &Error{Kind: ErrAuthentication, Message: "the token source has failed", cause: err}
	}
	if err := checkToken(token); err != nil {
		return "", err
	}
	b.token.Store(&token)
	return token, nil
}

// rotate replaces the token with the one that ask returns. Rotations run one at a time. It fails with ask's error, or
// with ctx's error if ctx is done before its turn, or because a source gives the token.
func (b *bearer) rotate(ctx context.Context, ask func(token string) (string, error)) (string, error) {
	if b.source != nil {
		return "", validationError("this client cannot rotate its token, because TokenSource gives it: " +
			"rotate it where TokenSource gets it")
	}
	if _, err := b.current(ctx); err != nil {
		return "", err
	}
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

// sendAs makes an attempt with the current token. On a 401, if the token has been replaced meanwhile, it sends the
// request again with the new one. A request that got a 401 has had no effect. It waits for a rotation that is under way,
// and fails with ctx's error if ctx is done first. If the token is refused, it asks the source for another one, once.
func sendAs[T any](
	ctx context.Context, b *bearer, isPublic bool, attempt func(token string) (T, error),
) (value T, err error) {
	token := b.present()
	if !isPublic {
		if token, err = b.current(ctx); err != nil {
			return value, err
		}
	}
	hasAsked := b.source == nil || isPublic
	for {
		value, err = attempt(token)
		if !errors.Is(err, ErrAuthentication) {
			return value, err
		}
		if token == b.present() {
			if err := b.awaitRotation(ctx); err != nil {
				return value, err
			}
		}
		if token == b.present() && !hasAsked {
			hasAsked = true
			if _, failure := b.renewed(ctx, token); failure != nil {
				return value, failure
			}
		}
		if token == b.present() {
			return value, err
		}
		token = b.present()
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
