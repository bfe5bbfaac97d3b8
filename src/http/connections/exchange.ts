import type { ServerResponse } from 'node:http';
import type { ServiceRequest } from '../input/service-request.js';

/** A request and the answer that it is to get. */
export interface Exchange {
  readonly request: ServiceRequest;
  readonly response: ServerResponse;
  /** Whether the client sends the body only after it was told to continue. */
  readonly expectsContinue: boolean;
}
