import type { ServerResponse } from 'node:http';
import { CONSOLE_PATHS, ConsolePages } from '../../console/console-pages.js';
import type { ServiceRequest } from '../../http/input/service-request.js';

/** Answers a request, or returns the body of the answer. May throw `OctoStoreError`. */
export type OwnRoute = (request: ServiceRequest, response: ServerResponse) => unknown;

/** The routes about a server itself, which it must answer even if it can reach no other. */
export type OwnPath = '/health' | '/health/live' | '/health/ready' | '/status' | '/metrics';

interface Served {
  readonly path: string;
  readonly answer: OwnRoute;
}

/** Finds the route that this server answers itself. Null if another server must answer the request. */
export class OwnRoutes {
  readonly #routes: ReadonlyMap<string, Served>;
  readonly #console: Served;

  constructor(routes: Readonly<Record<OwnPath, OwnRoute>>, answerConsole: OwnRoute) {
    const entries = Object.entries(routes) as [OwnPath, OwnRoute][];
    this.#routes = new Map(entries.map(([path, answer]) => [path, { path, answer }]));
    this.#console = { path: CONSOLE_PATHS[1], answer: answerConsole };
  }

  find({ method, url = '' }: ServiceRequest): Served | null {
    if (method !== 'GET' && method !== 'HEAD') return null;
    const [path = ''] = url.split('?', 1);
    return ConsolePages.isAt(path) ? this.#console : (this.#routes.get(path) ?? null);
  }
}
