import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request and the answer that it is to get. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the client sends the body only after it was told to continue. */
  readonly expectsContinue: boolean;
}
