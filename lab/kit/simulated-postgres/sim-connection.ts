import type { PostgresHost } from '../../../src/installation/postgres-location.js';
import type { Clock } from '../../../src/clock/clock.js';
import type { Answer, Statement, Wire } from '../../../src/journal/postgres/connection/connection.js';
import type { Primary } from '../../../src/journal/postgres/connection/primary.js';
import { ConnectionLostError } from '../../../src/journal/postgres/connection/sql-errors.js';
import { DatabaseUnavailableError } from '../../../src/journal/errors.js';
import type { Owner } from '../world/agenda.js';
import type { World } from '../world/world.js';
import type { Cluster } from './cluster.js';
import type { Instance, Reply } from './instance.js';

/** How the network between a process and the database behaves. */
export interface Wires {
  /** The probability that a packet takes very long. */
  readonly late: number;
  /** The probability that a statement arrives a second time, long after. */
  readonly repeated: number;
  /** The probability that an answer is lost together with the connection. */
  readonly lost: number;
}

interface Ends {
  readonly world: World;
  readonly wires: Wires;
  readonly owner: Owner & { readonly isCutOffUntilMs: number };
}

const CONNECT_MS = 5_000;

export const HOSTS: readonly PostgresHost[] = [
  { host: 'one', port: 5432 },
  { host: 'two', port: 5432 },
];

/** Connects to an instance that says that it takes writes, as `connectToPrimary` does. */
export async function connectTo(
  cluster: Cluster,
  ends: Ends,
  clock: Clock,
  last: PostgresHost | null,
): Promise<Primary> {
  const first = last === null ? 0 : HOSTS.indexOf(last) + 1;
  for (const host of [...HOSTS.slice(first), ...HOSTS.slice(0, first)]) {
    const instance = cluster.instances[HOSTS.indexOf(host)];
    if (instance !== undefined && (await takesWrites(instance, ends, clock)))
      return { connection: new SimConnection(instance, ends), host };
  }
  throw new DatabaseUnavailableError('no server takes writes');
}

async function takesWrites(instance: Instance, { world, owner }: Ends, clock: Clock): Promise<boolean> {
  const isSilent = owner.isCutOffUntilMs > world.nowMs;
  const delayMs = world.random.span(0.5, 3);
  if (isSilent) await clock.pause(CONNECT_MS);
  else await new Promise<void>((resolve) => void world.after(delayMs, resolve, owner));
  return !isSilent && instance.isUp && !instance.isStandby;
}

/** One connection of one process to one instance. */
export class SimConnection implements Wire {
  readonly #instance: Instance;
  readonly #ends: Ends;
  /** The connection does not survive the instance. */
  readonly #life: number;
  #isOpen = true;
  #fail: (() => void) | null = null;

  constructor(instance: Instance, ends: Ends) {
    this.#instance = instance;
    this.#ends = ends;
    this.#life = instance.life;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async query<Row>(statement: Statement): Promise<Answer<Row>> {
    if (!this.#isOpen) throw lost();
    const reply = await new Promise<Reply | null>((resolve) => {
      this.#fail = () => resolve(null);
      this.#send(statement, resolve);
    });
    this.#fail = null;
    return this.answerOf<Row>(reply);
  }

  cut(): void {
    this.#isOpen = false;
    this.#fail?.();
  }

  close(): Promise<void> {
    this.cut();
    return Promise.resolve();
  }

  answerOf<Row>(reply: Reply | null): Answer<Row> {
    if (reply === null) throw lost();
    if (reply.kind === 'rows')
      return { rows: reply.rows as readonly Row[], count: reply.count, isWarned: reply.isWarned };
    if (reply.endsConnection) this.#isOpen = false;
    throw reply.error;
  }

  /** The packet arrives even if the process has cut the connection, or has died, in the meantime. */
  #send(statement: Statement, receive: (reply: Reply | null) => void): void {
    const { world, wires } = this.#ends;
    const arrive = (): void => this.#arrive(statement, receive);
    world.after(this.#delayMs(), arrive);
    if (!world.random.chance(wires.repeated)) return;
    world.after(world.random.span(1, 15_000), () => this.#arrive(statement, () => undefined));
  }

  #arrive(statement: Statement, receive: (reply: Reply | null) => void): void {
    const { world, wires } = this.#ends;
    const instance = this.#instance;
    if (!instance.isUp || instance.life !== this.#life) return this.#deliver(null, receive);
    const cancel = instance.whenItStops(() => this.#deliver(null, receive));
    instance.run(statement, (reply) => {
      cancel();
      this.#deliver(world.random.chance(wires.lost) ? null : reply, receive);
    });
  }

  #deliver(reply: Reply | null, receive: (reply: Reply | null) => void): void {
    const { world, owner } = this.#ends;
    const deliver = (): void => {
      // What comes after the connection was cut reaches no one.
      if (!this.#isOpen) return;
      if (reply === null) this.#isOpen = false;
      receive(reply);
    };
    world.after(this.#delayMs(), deliver, owner);
  }

  /** Packets that are sent while the process is cut off arrive once it is not. */
  #delayMs(): number {
    const { world, wires, owner } = this.#ends;
    const { random } = world;
    const heldMs = Math.max(0, owner.isCutOffUntilMs - world.nowMs);
    if (!random.chance(wires.late)) return heldMs + random.span(0.25, 2);
    return heldMs + (random.chance(0.2) ? random.span(1_000, 12_000) : random.span(20, 1_000));
  }
}

function lost(): ConnectionLostError {
  return new ConnectionLostError({ cause: new Error('the simulated connection has ended') });
}
