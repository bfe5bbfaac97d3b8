import type { ServerResponse } from 'node:http';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Replies } from '../answer/replies.js';
import { hasBody, isPlain, readBody } from '../input/request-body.js';
import type { ServiceRequest } from '../input/service-request.js';

/** Reads the body of a request, then calls `serve`. Refuses a body that is compressed or too large. */
export function receiveBody(
  request: ServiceRequest,
  response: ServerResponse,
  replies: Replies,
  serve: () => void,
): void {
  if (!hasBody(request)) {
    serve();
    return;
  }
  if (!isPlain(request)) {
    replies.breakOff(response, new OctoStoreError('unsupported_encoding'));
    return;
  }
  readBody(request, (error, body) => {
    request.body = body;
    if (error === null) serve();
    else replies.breakOff(response, error);
  });
}
