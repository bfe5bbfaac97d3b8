import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { hostHeaderValidation, originValidation, toWebRequest } from '@modelcontextprotocol/node';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import type { NamedAgents } from './named-agents.js';
import { refuse, refuseFor, tokenOf } from './replies.js';
import type { Sessions } from './sessions.js';

/** A request has a path of at most 4096 characters, 32 times. */
const BODY_BYTES_MAX = 1024 * 1024;

export interface Routes {
  readonly sessions: Sessions;
  readonly named: NamedAgents;
}

/**
 * Answers requests to `/mcp`. Requests for another host, or from a page of one, are refused, so that no web page can reach this
 * server through the browser of someone who runs it (DNS rebinding).
 */
export function router(hosts: readonly string[], routes: Routes): RequestListener {
  const isHostKnown = hostHeaderValidation([...hosts]);
  const isOriginKnown = originValidation([...hosts]);
  return (request, response) => {
    if (!isHostKnown(request, response) || !isOriginKnown(request, response)) return;
    route(request, response, routes).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuseFor(response, error);
    });
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  { sessions, named }: Routes,
): Promise<void> {
  if (request.url?.split('?')[0] !== '/mcp') return refuse(response, 404, 'Agents are served at /mcp.');
  const token = tokenOf(request);
  if (token === null)
    return refuse(response, 401, 'Send your OctoStore token: Authorization: Bearer octo_...');
  const asked = await toWebRequest(request, undefined, { maxRequestBodySize: BODY_BYTES_MAX });
  const isOfSession = await isLegacyRequest(asked);
  const body: unknown = request.method === 'POST' ? await asked.json() : undefined;
  return isOfSession
    ? sessions.handle(request, response, { token, body })
    : named.handle(request, response, { token, body });
}
