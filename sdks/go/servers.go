package octostore

import (
	"slices"
	"sync"
)

// servers are the URLs at which a client reaches the service, and the one that it uses now. All calls of a client share them.
type servers struct {
	urls []string

	mutex   sync.Mutex
	current int
}

// newServers takes URLs without trailing slashes, each once. The client begins with the first.
func newServers(urls []string) *servers {
	return &servers{urls: urls}
}

// fromCurrent returns all URLs, the current one first.
func (s *servers) fromCurrent() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Concat(s.urls[s.current:], s.urls[:s.current])
}

// keep stays with a server that works.
func (s *servers) keep(url string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.current = max(0, slices.Index(s.urls, url))
}

// leave goes on with the next server after one that does not work, unless another call has done so already.
func (s *servers) leave(url string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.urls[s.current] == url {
		s.current = (s.current + 1) % len(s.urls)
	}
}
