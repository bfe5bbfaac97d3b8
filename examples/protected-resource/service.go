package main

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const bodyBytesMax = 1 << 20

// service offers the record over HTTP: GET reads it, PUT replaces it.
type service struct {
	verifier verifier
	record   record
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		io.WriteString(w, s.record.read())
	case http.MethodPut:
		s.put(w, r)
	default:
		w.Header().Set("Allow", "GET, PUT")
		http.Error(w, "use GET or PUT", http.StatusMethodNotAllowed)
	}
}

func (s *service) put(w http.ResponseWriter, r *http.Request) {
	proof, err := s.verifier.verify(r.Header.Get("Lock-Proof"), time.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	// The proof may have ended, or a later holder may have written, while the body was arriving. The token decides.
	if err := s.record.write(string(text), proof.FencingToken); errors.Is(err, errStale) {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
