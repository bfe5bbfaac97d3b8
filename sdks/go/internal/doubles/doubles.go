// Package doubles is how a client and a test double know of each other.
package doubles

// Renewer is a transport of a test double. It learns of each of its clients.
type Renewer interface {
	// NoteClient gives it a function that lets all open locks and sessions of a client renew, and returns after that.
	NoteClient(renewAll func())
}
