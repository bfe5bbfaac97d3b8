import type { ServerResponse } from 'node:http';
import type { ServiceRequest } from '../../http/input/service-request.js';

/** Answers a request, or returns the body of the answer. May throw `OctoStoreError`. */
export type OwnRoute = (request: ServiceRequest, response: ServerResponse) => unknown;

/** The routes about a server itself, which it must answer even if it can reach no other. */
export type OwnPath = '/health' | '/health/live' | '/health/ready' | '/status' | '/metrics';

/** Finds the route about this server itself that a request is for. Null if another server must answer it. */
export class OwnRoutes {
  readonly #routes: ReadonlyMap<string, { readonly path: OwnPath; readonly answer: OwnRoute }>;

  constructor(routes: Readonly<Record<OwnPath, OwnRoute>>) {
    const entries = Object.entries(routes) as [OwnPath, OwnRoute][];
    this.#routes = new Map(entries.map(([path, answer]) => [path, { path, answer }]));
  }

  find({ method, url = '' }: ServiceRequest): { readonly path: OwnPath; readonly answer: OwnRoute } | null {
    if (method !== 'GET' && method !== 'HEAD') return null;
    const [path = ''] = url.split('?', 1);
    return this.#routes.get(path) ?? null;
  }
}
