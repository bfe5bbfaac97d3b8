import type { IncomingMessage, ServerResponse } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { Express } from 'express';

const LEAN = 'lean route';

/**
 * Has a route served without Express. Its handler, guards and pipes then get Node's own request and response, with `params`,
 * `body` and `route` added, and no other property or method that Express would add; middleware is not run for it.
 *
 * For the few routes that make the load: Express alone costs more than all that they do.
 */
export function Lean(): MethodDecorator {
  return SetMetadata(LEAN, true);
}

type Params = Record<string, string | string[]>;

/** What a lean route sees of a request, besides what Node gives. */
interface LeanRequest extends IncomingMessage {
  params: Params;
  body: Buffer;
  route: { readonly path: string };
}

type Handler = (request: LeanRequest, response: ServerResponse, next: () => void) => Promise<void>;

/** What the type declarations of Express leave out. */
interface RouterLayer {
  readonly route?: {
    readonly path: unknown;
    readonly stack: readonly { readonly method: string; readonly handle: Handler }[];
  };
}

interface Route {
  readonly path: string;
  readonly pattern: RegExp;
  readonly parameters: readonly { readonly name: string; readonly isWildcard: boolean }[];
  /** Null if Express must serve it. */
  readonly handler: Handler | null;
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

  /** @param app with all its routes: later ones are not seen. */
  constructor(app: Express) {
    for (const { route } of app.router.stack as unknown as readonly RouterLayer[]) {
      for (const { method, handle } of route?.stack ?? [])
        this.#add(method.toUpperCase(), route?.path, handle);
    }
  }

  /** Serves a request whose body has been read, if its route is a lean one. Returns whether it is. */
  serve(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
    const { method = '', url = '' } = request;
    const routes = this.#byMethod.get(method);
    if (routes === undefined || !PLAIN_PATH.test(url)) return false;
    for (const route of routes) {
      const match = route.pattern.exec(url);
      if (match === null) continue;
      if (route.handler === null) return false;
      const lean = Object.assign(request, { body, params: paramsOf(route, match), route });
      // All that goes wrong in a route has been answered by then, unless the answering went wrong.
      route.handler(lean, response, () => undefined).catch(() => response.destroy());
      return true;
    }
    return false;
  }

  #add(method: string, path: unknown, handle: Handler): void {
    if (typeof path !== 'string') return;
    const route = {
      path,
      pattern: patternOf(path),
      parameters: [...path.matchAll(/([:*])(\w+)/g)].map(([, sign, name = '']) => ({
        name,
        isWildcard: sign === '*',
      })),
      handler: Reflect.getMetadata(LEAN, handle) === true ? handle : null,
    };
    const routes = this.#byMethod.get(method);
    if (routes === undefined) this.#byMethod.set(method, [route]);
    else routes.push(route);
  }
}

/** Matches the plain paths that Express would match. */
function patternOf(path: string): RegExp {
  const literal = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/:\w+/g, '([^/]+)').replace(/\*\w+/g, '(.+)')}$`);
}

function paramsOf({ parameters }: Route, match: RegExpExecArray): Params {
  const params: Params = {};
  for (const [index, { name, isWildcard }] of parameters.entries()) {
    const text = match[index + 1] ?? '';
    params[name] = isWildcard ? text.split('/').map(decode) : decode(text);
  }
  return params;
}

function decode(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text;
}
