import { Connection } from '../../kit/http/connection.js';
import { BackgroundWork } from '../background-work.js';
import type { Random } from '../../kit/random.js';
import { checkHistory } from '../../kit/history/check-history.js';
import { World } from '../../kit/load/world.js';
import { FaultyProxy } from '../../kit/proxy/faulty-proxy.js';
import type { Figures } from '../proof.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { Contenders } from '../time/contenders.js';
import { FakeWallClock } from '../time/fake-wall-clock.js';
import { demandSoundness } from '../history/demand-soundness.js';
import { ProbedServer } from './probed-server.js';
import { Receiver } from './receiver.js';
import { Traffic, WEBHOOK_OWNER_TOKEN } from './traffic.js';
import type { Sample } from '../../kit/trend.js';
import { GRACE_SECONDS, Troubles } from './troubles.js';
import { ADMIN_KEY, webhookAt } from './visits.js';

const CONTENDED_LOCKS = 8;
const OPERATIONS_PER_LOCK = 600;

/** Few, so that the log is full, and pruned, long before the end. */
const EVENT_RETENTION = 2000;

interface Parts {
  readonly probed: ProbedServer;
  readonly clock: FakeWallClock;
  readonly receiver: Receiver;
  readonly proxy: FaultyProxy;
  readonly dice: Random;
}

/** A server with everything that it has to put up with: clients of all kinds, some behind a network that cuts, and troubles. */
export class SoakedServer {
  readonly troubles: Troubles;
  readonly #world = new World(CONTENDED_LOCKS, OPERATIONS_PER_LOCK);
  readonly #parts: Parts;
  readonly #work = new BackgroundWork();
  readonly #contenders: Contenders;
  readonly #traffic: Traffic;

  private constructor(parts: Parts) {
    const { probed, clock, receiver, proxy, dice } = parts;
    this.#parts = parts;
    const { history } = this.#world;
    this.troubles = new Troubles({ server: probed.server, clock, history }, dice.split());
    this.#contenders = new Contenders(() => proxy.address, this.#world, dice.split());
    this.#traffic = new Traffic(probed.server, receiver.url);
  }

  static async start(dice: Random, { leaks }: { leaks: boolean }): Promise<SoakedServer> {
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
    const proxy = await FaultyProxy.start(() => probed.server.address, dice.split());
    const soaked = new SoakedServer({ probed, clock, receiver, proxy, dice });
    await soaked.#begin();
    return soaked;
  }

  sample(): Promise<Sample> {
    return this.#parts.probed.sample();
  }

  /** Throws what went wrong so far, if anything. */
  check(): void {
    this.#work.check();
  }

  /** Ends the load and has the server stop under it. Throws what went wrong, if anything. */
  async stop(): Promise<Figures> {
    const { server } = this.#parts.probed;
    await Promise.all([this.#work.stop(), server.end('SIGTERM')]);
    const { history } = this.#world;
    demandSoundness(this.#world, checkHistory(history, server.outages));
    return {
      'visits of other clients': this.#traffic.visits,
      'visits that were broken off': this.#traffic.interrupted,
      'operations of contenders, checked': history.answered,
      'webhooks received': this.#parts.receiver.received,
      restarts: this.troubles.restarts,
      'freezes of the server': this.troubles.freezes,
      'settings of the wall clock': this.troubles.clockJumps,
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
    const { probed, receiver, dice } = this.#parts;
    await probed.server.start();
    const connection = new Connection(() => probed.server.address, TOKEN);
    const { status, text } = await connection.post('/webhooks', webhookAt(receiver.url));
    connection.cut();
    if (status !== 201) throw new Error(`no webhook: ${status} ${text}`);
    this.#contenders.start(this.#work, CONTENDED_LOCKS);
    this.#traffic.start(this.#work, dice.split());
  }
}
