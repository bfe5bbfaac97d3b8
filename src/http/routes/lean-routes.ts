import type { ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { LeanHandler } from '../pipeline/lean-handlers.js';
import type { PathParameters, ServiceRequest } from '../input/service-request.js';

/** What the type declarations of Express leave out. */
interface RouterLayer {
  readonly route?: {
    readonly path: unknown;
    readonly stack: readonly { readonly method: string; readonly handle: object }[];
  };
}

/** The parameters of a path, or null if it is not the route's. */
type Match = (path: string) => PathParameters | null;

interface Route {
  readonly path: string;
  readonly match: Match;
  /** Null if Express must serve it. */
  readonly handler: LeanHandler | null;
}

/**
 * Paths that mean the same to everybody: no query, no empty component, no slash at the end, nothing encoded but slashes.
 * Whatever else there may be in a path is left to Express.
 */
const PLAIN_PATH = /^(?:\/(?:[\w.-]|%2[Ff])+)+$/;

/**
 * The routes of an Express application, as it has them and in its order, with a short way to those that are lean. What it
 * does not serve, Express does.
 */
export class LeanRoutes {
  readonly #byMethod = new Map<string, Route[]>();

  /**
   * @param app with all its routes: later ones are not seen.
   * @param handlerOf makes the lean handler of a route of the application; null for one that is not lean.
   */
  constructor(app: Express, handlerOf: (handle: object) => LeanHandler | null) {
    for (const { route } of app.router.stack as unknown as readonly RouterLayer[]) {
      for (const { method, handle } of route?.stack ?? [])
        this.#add(method.toUpperCase(), route?.path, handlerOf(handle));
    }
  }

  /** Serves a request whose body has been read, if its route is a lean one. Returns whether it is. */
  serve(request: ServiceRequest, response: ServerResponse): boolean {
    const { method = '', url = '' } = request;
    const routes = this.#byMethod.get(method);
    if (routes === undefined || !PLAIN_PATH.test(url)) return false;
    for (const route of routes) {
      const params = route.match(url);
      if (params === null) continue;
      if (route.handler === null) return false;
      request.params = params;
      request.route = route;
      // All that goes wrong in a route has been answered by then, unless the answering went wrong.
      route.handler(request, response).catch(() => response.destroy());
      return true;
    }
    return false;
  }

  #add(method: string, path: unknown, handler: LeanHandler | null): void {
    if (typeof path !== 'string') return;
    const route = { path, match: matchOf(path), handler };
    const routes = this.#byMethod.get(method);
    if (routes === undefined) this.#byMethod.set(method, [route]);
    else routes.push(route);
  }
}

/** Matches the plain paths that Express would match. */
function matchOf(path: string): Match {
  const [before = '', ...rest] = path.split(/([:*]\w+)/);
  const [parameter, after = '', ...others] = rest;
  if (parameter === undefined) return (url) => (url === path ? {} : null);
  if (others.length > 0) return matchByPattern(path);
  const read = readerOf(parameter);
  const isOneComponent = parameter.startsWith(':');
  return (url) => {
    const end = url.length - after.length;
    if (end <= before.length || !url.startsWith(before) || !url.endsWith(after)) return null;
    const text = url.slice(before.length, end);
    return isOneComponent && text.includes('/') ? null : read({}, text);
  };
}

/** For paths with several parameters. */
function matchByPattern(path: string): Match {
  const literal = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^${literal.replace(/:\w+/g, '([^/]+)').replace(/\*\w+/g, '(.+)')}$`);
  const readers = [...path.matchAll(/[:*]\w+/g)].map(([parameter]) => readerOf(parameter));
  return (url) => {
    const match = pattern.exec(url);
    if (match === null) return null;
    return readers.reduce((params, read, at) => read(params, match[at + 1] ?? ''), {});
  };
}

type Reader = (params: PathParameters, text: string) => PathParameters;

/** Adds a parameter, written as `:name` or `*name`, to others. A wildcard is an array of its components, as Express has it. */
function readerOf(parameter: string): Reader {
  const name = parameter.slice(1);
  const read = parameter.startsWith(':') ? decode : componentsOf;
  return (params, text) => {
    params[name] = read(text);
    return params;
  };
}

function componentsOf(text: string): string[] {
  return text.includes('/') ? text.split('/').map(decode) : [decode(text)];
}

/** Of what can be encoded, a plain path has slashes only. */
function decode(text: string): string {
  return text.includes('%') ? text.replaceAll('%2F', '/').replaceAll('%2f', '/') : text;
}
