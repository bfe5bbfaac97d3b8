import type { Counts } from './figures.js';
import { leaseId } from './names.js';
import type { Profile } from './profile.js';
import { Operation, type Answer, type Request } from './request.js';
import type { Owner } from '../../kit/world/agenda.js';
import type { World } from '../../kit/world/world.js';

/** A process that requests arrive at. */
export interface Listener extends Owner {
  handle(operation: Operation, reply: (answer: Answer) => void): void;
}

interface NetworkParts {
  readonly world: World;
  readonly profile: Profile;
  readonly checks: { readonly newestAcknowledgedToken: number };
  readonly counts: Pick<Counts, 'requests' | 'lostMessages' | 'repeatedMessages'>;
  /** The process that the next request arrives at, if one listens. */
  readonly server: () => Listener | null;
}

/** A connection: the requests that arrived through it, and at which processes. */
interface Connection {
  isClosed: boolean;
  readonly arrivals: { readonly operation: Operation; readonly server: Listener }[];
}

/** Carries requests and replies: late, twice, out of order, or not at all. */
export class Network {
  readonly #parts: NetworkParts;
  #operations = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /**
   * Sends a request and waits for the first reply that arrives. Null if none arrives in time. The client then closes its
   * connection, and does not know the outcome of its request.
   *
   * @param arriveAfterMs when it arrives; by default after some usual delay.
   */
  call(request: Request, patienceMs: number, arriveAfterMs?: number): Promise<Answer | null> {
    const { world, profile, counts, checks } = this.#parts;
    const connection: Connection = { isClosed: false, arrivals: [] };
    const newestTokenBefore = checks.newestAcknowledgedToken;
    counts.requests += 1;
    return new Promise((resolve) => {
      const giveUp = world.after(patienceMs, () => {
        this.#close(connection);
        resolve(null);
      });
      const reply = (answer: Answer): void => {
        this.#carry(() => {
          giveUp();
          if (!connection.isClosed) resolve(answer);
        });
      };
      const arrive = (): void => this.#arrive(connection, request, newestTokenBefore, reply);
      if (arriveAfterMs === undefined) this.#carry(arrive);
      else world.after(arriveAfterMs, arrive);
      if (!world.random.chance(profile.duplicates)) return;
      counts.repeatedMessages += 1;
      this.#carry(arrive);
    });
  }

  #arrive(
    connection: Connection,
    request: Request,
    newestTokenBefore: number,
    reply: (answer: Answer) => void,
  ): void {
    const { world } = this.#parts;
    const server = this.#parts.server();
    if (server === null) return reply({ kind: 'refused', code: 'connection_refused' });
    if (server.pausedUntilMs > world.nowMs) {
      // It stays in the socket's buffer until the process continues, if it does.
      const arrive = (): void => this.#arrive(connection, request, newestTokenBefore, reply);
      world.after(server.pausedUntilMs - world.nowMs, arrive, server);
      return;
    }
    this.#operations += 1;
    const id = this.#operations;
    const chosen = request.kind === 'acquire' ? request.leaseId : null;
    const operation = new Operation(id, request, chosen ?? leaseId(`minted-${id}`), newestTokenBefore);
    world.note('request', id, ...Object.values(request));
    connection.arrivals.push({ operation, server });
    server.handle(operation, reply);
  }

  #close(connection: Connection): void {
    connection.isClosed = true;
    this.#carry(() => {
      for (const { operation, server } of connection.arrivals) {
        const leave = (): void => this.#leave(operation);
        this.#parts.world.after(server.pausedUntilMs - this.#parts.world.nowMs, leave, server);
      }
    });
  }

  #leave(operation: Operation): void {
    this.#parts.world.note('gone', operation.id);
    operation.leave();
  }

  #carry(deliver: () => void): void {
    const { world, profile, counts } = this.#parts;
    const { random } = world;
    if (random.chance(profile.loss)) {
      counts.lostMessages += 1;
      return;
    }
    world.after(random.chance(profile.delays) ? random.span(50, 2_500) : random.span(0.25, 5), deliver);
  }
}
