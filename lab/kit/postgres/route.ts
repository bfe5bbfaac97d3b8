import { CuttingProxy, type Direction } from '../proxy/cutting-proxy.js';
import { SUPERUSER } from './cluster.js';
import type { Pair } from './pair.js';

/** One server's network to both clusters of a pair. Each server has its own, so that one can be cut off alone. */
export class Route {
  readonly #proxies: readonly CuttingProxy[];

  private constructor(proxies: readonly CuttingProxy[]) {
    this.#proxies = proxies;
  }

  static async to({ clusters }: Pair): Promise<Route> {
    return new Route(await Promise.all(clusters.map(({ port }) => CuttingProxy.start(port))));
  }

  /** The value of `DATABASE_URL` for a server with nothing between it and both clusters. */
  static direct({ clusters }: Pair, database: string): string {
    return urlOf(clusters, database);
  }

  /** The value of `DATABASE_URL`, with both clusters. */
  databaseUrl(database: string): string {
    return urlOf(this.#proxies, database);
  }

  /** Passes on so many more bytes in a direction, then cuts all connections, once. */
  cutAfter(bytes: number, direction: Direction): void {
    for (const proxy of this.#proxies) proxy.cutAfter(bytes, direction);
  }

  /** Cuts all connections, and every new one at once, until `unblock`. */
  block(): void {
    for (const proxy of this.#proxies) proxy.block();
  }

  unblock(): void {
    for (const proxy of this.#proxies) proxy.unblock();
  }

  /** Passes nothing on for the present connections, and keeps them open. New ones are served. */
  stall(): void {
    for (const proxy of this.#proxies) proxy.stall();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
  }
}

/** The value of `DATABASE_URL` with these hosts of this machine. */
export function urlOf(hosts: readonly { readonly port: number }[], database: string): string {
  return `postgres://${SUPERUSER}@${hosts.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${database}`;
}
