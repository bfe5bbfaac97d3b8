package octostore

// Update is one update of a watch: first a [LockStatus] or [PrefixState], then [LockEvent] and [Reset].
type Update interface {
	isUpdate()
}

// PrefixState is the locks with a prefix that are held, or a part of them.
type PrefixState struct {
	Locks []HeldLock `json:"locks"`
	// Complete means that this is the last part.
	Complete bool `json:"complete"`
}

// Reset means that events were missed, because the event log no longer reaches back to where the connection broke. The
// current state follows.
type Reset struct {
	// Message is for people.
	Message string `json:"message"`
}

func (LockStatus) isUpdate()  {}
func (PrefixState) isUpdate() {}
func (LockEvent) isUpdate()   {}
func (Reset) isUpdate()       {}

func (s PrefixState) isWhole() bool {
	return s.Locks != nil && all(s.Locks)
}

func (r Reset) isWhole() bool {
	return r.Message != ""
}
