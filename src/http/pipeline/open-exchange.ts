import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Replies } from '../answer/replies.js';
import type { Connection } from '../connections/connection.js';
import type { Exchange } from '../connections/exchange.js';
import { announcedLength, bodyBytesMax } from '../input/request-body.js';
import { beginRequest, type RequestContext, type ServiceRequest } from '../input/service-request.js';

export type RequestListener = (
  request: ServiceRequest,
  response: ServerResponse,
  context: RequestContext,
) => void;

export interface OpeningParts {
  readonly clock: Clock;
  readonly replies: Replies;
  /** Called for each request whose answer has been sent, or whose client has disconnected. */
  readonly onDone: RequestListener;
}

/** The first steps of every request. Returns false if they have refused it. */
export function openExchange(
  { request, response, expectsContinue }: Exchange,
  connection: Connection,
  { clock, replies, onDone }: OpeningParts,
): boolean {
  const context = beginRequest(request, clock.monotonicMs());
  connection.activeAtMs = context.startedAtMs;
  response.once('close', () => {
    onDone(request, response, context);
    connection.done();
  });
  if (expectsContinue && announcedLength(request) <= bodyBytesMax(request)) response.writeContinue();
  if (request.headers.host !== undefined || request.httpVersion !== '1.1') return true;
  replies.breakOff(response, hostMissing());
  return false;
}

function hostMissing(): OctoStoreError {
  return new OctoStoreError('malformed_request', { details: 'The Host header is missing. Send one.' });
}
