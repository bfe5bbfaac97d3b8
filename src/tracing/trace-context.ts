import type { IncomingHttpHeaders } from 'node:http';

/** Where a piece of work belongs, in the terms of W3C Trace Context. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Bit 0 says whether the caller records the trace. */
  readonly flags: number;
  /** What other tracing systems have added. Null if there is nothing. */
  readonly state: string | null;
}

/** Later versions may append fields, but keep these. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const UNUSED_VERSION = 'ff';
const FIRST_VERSION = '00';
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** Longer ones may be dropped, says the standard. They would go into every webhook. */
const STATE = /^[\x20-\x7e]{1,512}$/;

/** The context that a request names. Null if it names none, or its header is invalid. */
export function traceContextIn({ traceparent, tracestate }: IncomingHttpHeaders): TraceContext | null {
  if (typeof traceparent !== 'string') return null;
  const [, version, traceId = NO_TRACE, spanId = NO_SPAN, flags = '', more] =
    TRACEPARENT.exec(traceparent) ?? [];
  const isInvalid = version === UNUSED_VERSION || (version === FIRST_VERSION && more !== undefined);
  if (isInvalid || traceId === NO_TRACE || spanId === NO_SPAN) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16), state: stateOf(tracestate) };
}

/** The headers that pass a context on, by their names in lower case. */
export function traceHeaders({ traceId, spanId, flags, state }: TraceContext): Record<string, string> {
  const traceparent = `${FIRST_VERSION}-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
  return state === null ? { traceparent } : { traceparent, tracestate: state };
}

function stateOf(tracestate: string | string[] | undefined): string | null {
  const text = typeof tracestate === 'string' ? tracestate : (tracestate ?? []).join();
  return STATE.test(text) ? text : null;
}
