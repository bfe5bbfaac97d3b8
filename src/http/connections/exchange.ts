import type { ServerResponse } from 'node:http';
import type { ServiceRequest } from '../input/service-request.js';

/** A request and its response. */
export interface Exchange {
  readonly request: ServiceRequest;
  readonly response: ServerResponse;
  /** Whether the client sends the body only after a `100 Continue`. */
  readonly expectsContinue: boolean;
}
