import type { Caller } from './calls.js';
import { checkFencingToken, checkName } from './checks.js';
import { Fields } from './fields.js';
import type { HttpRequest } from './transport.js';

/** What a fence has seen. */
export interface Fence {
  readonly name: string;
  /** The highest fencing token. 0 if it has seen none. */
  readonly highest: number;
}

/**
 * The routes of fences. A fence remembers the highest fencing token that a resource has seen, for resources that cannot do so
 * themselves. Its name follows the rules of lock names.
 */
export class FenceApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Call this before you change what your lock protects. From now on, the fence refuses every lower token. Throws
   * `StaleTokenError` if it has seen a higher one: then stop. The first call creates the fence.
   */
  advance(name: string, fencingToken: number): Promise<Fence> {
    return this.#compare(name, 'advance', fencingToken);
  }

  /** Answers as `advance` would, and changes nothing. For those who share a lock and only read. */
  check(name: string, fencingToken: number): Promise<Fence> {
    return this.#compare(name, 'check', fencingToken);
  }

  async get(name: string): Promise<Fence> {
    checkName(name, 'fence');
    return this.#call({ method: 'GET', path: fencePath(name) });
  }

  async #compare(name: string, verb: string, fencingToken: number): Promise<Fence> {
    checkName(name, 'fence');
    checkFencingToken(fencingToken);
    const body = { fencing_token: fencingToken };
    return this.#call({ method: 'POST', path: `${fencePath(name)}/${verb}`, body });
  }

  async #call(request: Pick<HttpRequest, 'method' | 'path' | 'body'>): Promise<Fence> {
    const call = { request: () => request, read: readFence, isSafe: true };
    return (await this.#caller.call(call)).value;
  }
}

function readFence(text: string): Fence {
  const fields = Fields.parse(text);
  return { name: fields.text('name'), highest: fields.number('highest') };
}

function fencePath(name: string): string {
  return `/fences/${encodeURIComponent(name)}`;
}
