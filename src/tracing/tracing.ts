import type { IncomingMessage, ServerResponse } from 'node:http';

/** What tracing sees of a decision. */
export interface Decided {
  readonly outcome: { readonly kind: string };
  readonly changes: readonly unknown[];
  readonly events: readonly { readonly sequence: number }[];
}

/** What tracing sees of an attempt to deliver a message. Null if it was aborted. */
export type Attempted = { readonly status: number | null; readonly error: string | null } | null;

export interface Delivering {
  readonly deliveryId: string;
  /** The sequence of the event. Null if the message is about none. */
  readonly sequence: number | null;
}

export type Headers = Readonly<Record<string, string>>;

/**
 * Follows requests through this server and on to what it calls. One for each process. It reads what happens, and changes nothing of it
 * but the trace headers.
 */
export abstract class Tracing {
  /** Runs what serves a request. What `serve` decides belongs to the request, also if it does so later. */
  abstract serve(request: IncomingMessage, startedAtMs: number, serve: () => void): void;

  /** The id of the trace that a request belongs to, for the log. Null if it belongs to none. */
  abstract traceIdOf(request: IncomingMessage): string | null;

  /** The trace headers with which to forward a request that is being served, instead of its own. Null to leave those as they are. */
  abstract forwardedHeaders(request: IncomingMessage): Headers | null;

  /** The answer of a request has been sent, or its client has disconnected. */
  abstract requestDone(request: IncomingMessage, response: ServerResponse, about: AboutRequest): void;

  /** Runs a decision of the core, and returns its result. */
  abstract decide<R extends Decided>(kind: string, decide: () => R): R;

  /** Runs the commit of everything that was decided before. */
  abstract commit(write: () => Promise<void>): Promise<void>;

  /** Runs an attempt to deliver a message, with the headers that tell its receiver what has caused it. */
  abstract deliver<R extends Attempted>(
    about: Delivering,
    attempt: (headers: Headers) => Promise<R>,
  ): Promise<R>;

  /** Sends what is left. Takes a few seconds at most. */
  abstract close(): Promise<void>;
}

export interface AboutRequest {
  /** The template of its path, which contains no names. */
  readonly route: string;
  readonly requestId: string;
}
