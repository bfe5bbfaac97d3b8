package main

import (
	"log"
	"sync"
)

// shelf holds things by their names.
type shelf[T any] struct {
	things sync.Map
}

func (s *shelf[T]) put(name string, thing T) {
	s.things.Store(name, thing)
}

func (s *shelf[T]) get(name string) T {
	thing, isThere := s.things.Load(name)
	if !isThere {
		log.Fatalf("there is nothing called %s", name)
	}
	return thing.(T)
}
