package octostore

import (
	"context"
	"maps"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"
	"time"

	"octostore.io/go/octostore/internal/rules"
)

// openHandles are the open locks and sessions of a client.
type openHandles struct {
	exit *exit

	mutex   sync.Mutex
	keepers map[*keeper]struct{}
}

func newOpenHandles(o ClientOptions) *openHandles {
	open := &openHandles{keepers: map[*keeper]struct{}{}}
	if o.ReleaseOnExit {
		open.exit = exitWhen(o.HandlesSignals)
	}
	return open
}

func (o *openHandles) add(k *keeper) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.keepers[k] = struct{}{}
	if o.exit != nil && len(o.keepers) == 1 {
		o.exit.add(o)
	}
}

func (o *openHandles) remove(k *keeper) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	delete(o.keepers, k)
	if o.exit != nil && len(o.keepers) == 0 {
		o.exit.remove(o)
	}
}

func (o *openHandles) all() []*keeper {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return slices.Collect(maps.Keys(o.keepers))
}

// renewAll lets each of them make one attempt to renew, and returns after that.
func (o *openHandles) renewAll() {
	for _, k := range o.all() {
		k.renewNow()
	}
}

// closeAll closes all handles at once, within a second in all.
func closeAll(all []*keeper) {
	ctx, cancel := context.WithTimeout(context.Background(), rules.CloseMaxWhenLost)
	defer cancel()
	var closing sync.WaitGroup
	for _, k := range all {
		closing.Add(1)
		go func() {
			defer closing.Done()
			_ = k.close(ctx)
		}()
	}
	closed := make(chan struct{})
	go func() {
		closing.Wait()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(rules.CloseMaxWhenLost):
	}
}

// exit closes handles when the process is told to end.
type exit struct {
	// endsProcess means that the process then ends as the signal says.
	endsProcess bool

	mutex   sync.Mutex
	clients map[*openHandles]struct{}
	// signals is nil while it does not listen.
	signals chan os.Signal
}

// There is one of each kind in a process, so that it ends only once everything is closed.
var (
	exitBySignal  = &exit{endsProcess: true, clients: map[*openHandles]struct{}{}}
	exitByProgram = &exit{clients: map[*openHandles]struct{}{}}
)

func exitWhen(programHandlesSignals bool) *exit {
	if programHandlesSignals {
		return exitByProgram
	}
	return exitBySignal
}

func (e *exit) add(o *openHandles) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.clients[o] = struct{}{}
	if e.signals == nil {
		e.signals = make(chan os.Signal, 1)
		signal.Notify(e.signals, os.Interrupt, syscall.SIGTERM)
		go e.await(e.signals)
	}
}

func (e *exit) remove(o *openHandles) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	delete(e.clients, o)
	if len(e.clients) == 0 && e.signals != nil {
		signal.Stop(e.signals)
		// A signal that has just arrived is still handled.
		close(e.signals)
		e.signals = nil
	}
}

// await returns when it no longer listens.
func (e *exit) await(signals chan os.Signal) {
	for s := range signals {
		closeAll(e.open())
		if e.endsProcess {
			signal.Stop(signals)
			endProcess(s)
		}
	}
}

func (e *exit) open() []*keeper {
	e.mutex.Lock()
	clients := slices.Collect(maps.Keys(e.clients))
	e.mutex.Unlock()
	var all []*keeper
	for _, o := range clients {
		all = append(all, o.all()...)
	}
	return all
}

// endProcess ends the process as the signal does by default.
func endProcess(s os.Signal) {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(s)
	}
	if err != nil {
		// Windows cannot send these signals.
		os.Exit(1)
	}
}
