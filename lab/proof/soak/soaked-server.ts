import { Connection } from '../../kit/http/connection.js';
import { BackgroundWork } from '../background-work.js';
import type { Random } from '../../kit/random.js';
import { checkHistory } from '../../kit/history/check-history.js';
import { SharedState } from '../../kit/load/shared-state.js';
import { FaultyProxy } from '../../kit/proxy/faulty-proxy.js';
import type { Figures } from '../proof.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { Contenders } from '../time/contenders.js';
import { FakeWallClock } from '../time/fake-wall-clock.js';
import { expectNoViolations } from '../history/expect-no-violations.js';
import { ProbedServer } from './probed-server.js';
import { Receiver } from './receiver.js';
import { Traffic, WEBHOOK_OWNER_TOKEN } from './traffic.js';
import type { Sample } from '../../kit/trend.js';
import { GRACE_SECONDS, Faults } from './faults.js';
import { ADMIN_KEY, webhookAt } from './actions.js';

const CONTENDED_LOCKS = 8;
const OPERATIONS_PER_LOCK = 600;

/** Low, so that the log is full and pruned long before the end. */
const EVENT_RETENTION = 2000;

interface Parts {
  readonly probed: ProbedServer;
  readonly clock: FakeWallClock;
  readonly receiver: Receiver;
  readonly proxy: FaultyProxy;
  readonly random: Random;
}

/** A server under load from all kinds of clients, some on a faulty network, and with faults of its machine. */
export class SoakedServer {
  readonly faults: Faults;
  readonly #shared = new SharedState(CONTENDED_LOCKS, OPERATIONS_PER_LOCK);
  readonly #parts: Parts;
  readonly #work = new BackgroundWork();
  readonly #contenders: Contenders;
  readonly #traffic: Traffic;

  private constructor(parts: Parts) {
    const { probed, clock, receiver, proxy, random } = parts;
    this.#parts = parts;
    const { history } = this.#shared;
    this.faults = new Faults({ server: probed.server, clock, history }, random.split());
    this.#contenders = new Contenders(() => proxy.address, this.#shared, random.split());
    this.#traffic = new Traffic(probed.server, receiver.url);
  }

  static async start(random: Random, { leaks }: { leaks: boolean }): Promise<SoakedServer> {
    const clock = new FakeWallClock();
    const receiver = await Receiver.start();
    const settings = {
      ...clock.environment,
      STATIC_TOKENS: `prover:${TOKEN},owner:${WEBHOOK_OWNER_TOKEN}`,
      ADMIN_KEY,
      EVENT_RETENTION: String(EVENT_RETENTION),
      WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
      WEBHOOK_CA_FILE: receiver.caFile,
    };
    const probed = new ProbedServer({ settings, leaks, graceSeconds: GRACE_SECONDS });
    const proxy = await FaultyProxy.start(() => probed.server.address, random.split());
    const soaked = new SoakedServer({ probed, clock, receiver, proxy, random });
    await soaked.#begin();
    return soaked;
  }

  sample(): Promise<Sample> {
    return this.#parts.probed.sample();
  }

  /** Throws the first error so far, if there is one. */
  check(): void {
    this.#work.check();
  }

  /** Stops the load and the server at the same time. Throws the first error, if there is one. */
  async stop(): Promise<Figures> {
    const { server } = this.#parts.probed;
    await Promise.all([this.#work.stop(), server.end('SIGTERM')]);
    const { history } = this.#shared;
    expectNoViolations(this.#shared, checkHistory(history, server.outages));
    return {
      'actions of other clients': this.#traffic.actions,
      'actions that were interrupted': this.#traffic.interrupted,
      'operations of contenders, checked': history.answered,
      'webhooks received': this.#parts.receiver.received,
      restarts: this.faults.restarts,
      'freezes of the server': this.faults.freezes,
      'jumps of the wall clock': this.faults.clockJumps,
      'connections cut by the network': this.#parts.proxy.cuts,
    };
  }

  async remove(): Promise<void> {
    const { probed, clock, receiver, proxy } = this.#parts;
    await Promise.allSettled([this.#work.stop(), probed.server.end()]);
    await probed.remove();
    await proxy.stop();
    receiver.stop();
    clock.remove();
  }

  async #begin(): Promise<void> {
    const { probed, receiver, random } = this.#parts;
    await probed.server.start();
    const connection = new Connection(() => probed.server.address, TOKEN);
    const { status, text } = await connection.post('/webhooks', webhookAt(receiver.url));
    connection.cut();
    if (status !== 201) throw new Error(`the webhook was refused: ${status} ${text}`);
    this.#contenders.start(this.#work, CONTENDED_LOCKS);
    this.#traffic.start(this.#work, random.split());
  }
}
