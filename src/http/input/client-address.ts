import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';

type MaybeForwarded = IncomingMessage & { readonly forwardedFor?: string | null };

/**
 * The client's address: the one that another server reports, that of the connection, or the one that a proxy trusted by
 * `TRUST_PROXY` reports. Empty once the connection has closed. Express determines it, even for requests that Express does not
 * serve.
 */
export function clientAddressOf(request: MaybeForwarded, app: Express): string {
  const { forwardedFor } = request;
  if (forwardedFor !== undefined && forwardedFor !== null) return forwardedFor;
  const view: unknown = Object.create(request, { app: { value: app } });
  const address: unknown = Reflect.get(app.request, 'ip', view);
  return typeof address === 'string' ? address : '';
}
