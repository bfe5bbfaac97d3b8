package octostore

// grip is what a handle knows about its lease.
type grip struct {
	lease *Lease
}
