import { createTraceState, ROOT_CONTEXT, trace, type Context, type Span } from '@opentelemetry/api';
import type { TraceContext } from '../trace-context.js';

/** The context for spans below one that another program has begun, or that has ended. Null for the first span of a trace. */
export function inside(context: TraceContext | null): Context {
  if (context === null) return ROOT_CONTEXT;
  const { traceId, spanId, flags, state } = context;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: flags,
    isRemote: true,
    ...(state === null ? {} : { traceState: createTraceState(state) }),
  });
}

/** The context for spans below this one. */
export function insideSpan(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

export function contextOfSpan(span: Span): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext();
  const state = traceState?.serialize() ?? '';
  return { traceId, spanId, flags: traceFlags, state: state === '' ? null : state };
}
