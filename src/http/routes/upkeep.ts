import { SetMetadata } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';

const UPKEEP = 'upkeep route';

/** For whom an upkeep route is always served: anybody, or those who bring a valid token or the admin key. */
export type UpkeepFor = 'anybody' | 'known_callers';

/**
 * Has a route served even while the server has more to do than it can: one that keeps or frees what is held, shows operators
 * how the server is, or takes away the token that floods it.
 */
export function Upkeep(servedFor: UpkeepFor = 'known_callers'): MethodDecorator {
  return SetMetadata(UPKEEP, servedFor);
}

/** What the type declarations of Express leave out. */
interface RouterLayer {
  readonly route?: { readonly stack: readonly { readonly method: string; readonly handle: object }[] };
  match(path: string): boolean;
}

/** Tells the requests that must be served whatever else there is to do. */
export class UpkeepRoutes {
  readonly #app: Express;
  readonly #isKnownCaller: (request: IncomingMessage) => boolean;

  constructor(app: Express, isKnownCaller: (request: IncomingMessage) => boolean) {
    this.#app = app;
    this.#isKnownCaller = isKnownCaller;
  }

  /** Whether the route of the request is an upkeep route, and its caller one of those whom it is for. */
  includes(request: IncomingMessage): boolean {
    const servedFor = this.#audienceOf(request);
    return servedFor === 'anybody' || (servedFor === 'known_callers' && this.#isKnownCaller(request));
  }

  /** Undefined if the request has no upkeep route. */
  #audienceOf({ method = '', url = '' }: IncomingMessage): UpkeepFor | undefined {
    const [path = ''] = url.split('?', 1);
    // Express answers HEAD with the routes of GET.
    const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
    const layers = this.#app.router.stack as unknown as readonly RouterLayer[];
    for (const layer of layers) {
      const handle = layer.route?.stack.find((entry) => entry.method === wanted)?.handle;
      if (handle !== undefined && matches(layer, path))
        return Reflect.getMetadata(UPKEEP, handle) as UpkeepFor | undefined;
    }
    return undefined;
  }
}

/** A path that cannot be decoded has no route. */
function matches(layer: RouterLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
