// Package trace has as much of go.opentelemetry.io/otel/trace as the README uses.
package trace

import "context"

// Tracer makes spans.
type Tracer interface {
	Start(ctx context.Context, name string) (context.Context, Span)
}

// Span is a time with a name.
type Span interface {
	AddEvent(name string)
	RecordError(err error)
	End()
}
