import type { Address } from '../../kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures } from '../proof.js';
import type { Durations } from '../server/durations.js';
import { Slowdown } from '../server/slowdown.js';
import { generateLoad } from './generate-load.js';
import { expectFast, FREED_MS_PROMISED, type OverloadContext } from './overload-context.js';
import { SlowSockets } from './slow-sockets.js';

const BAD_TOKENS_PER_SECOND = 500;
const PHASE_SECONDS = 2.5;

interface Measurement {
  readonly renewals: Durations;
  /** The delay from the machine, in milliseconds. */
  readonly noiseMs: number;
  /** The factor by which other processes slowed the server down. */
  readonly slowdown: number;
}

/** Clients that only use up the server's time and sockets, and their effect on well-behaved clients. */
export class BadClients {
  readonly #context: OverloadContext;
  readonly #slowdown: Slowdown;
  readonly #sockets = new SlowSockets();
  #startedMs = 0;

  constructor(context: OverloadContext) {
    this.#context = context;
    this.#slowdown = new Slowdown(context.server.processId);
  }

  /** Opens slow sockets and sends bad tokens. Throws if well-behaved clients are slowed down. The sockets stay open. */
  async start(): Promise<Figures> {
    const { server, plan, reportProgress } = this.#context;
    this.#measure();
    await pause(PHASE_SECONDS * 1000);
    const baseline = this.#measure();
    this.#startedMs = nowMs();
    await this.#sockets.start(server.address, plan.slowSockets);
    await pause(PHASE_SECONDS * 1000);
    const withSlow = this.#measure();
    const bad = await floodWithBadTokens(server.address);
    const withBad = this.#measure();
    reportProgress(`${this.#sockets.open} slow sockets and ${bad} bad tokens`);
    for (const { renewals, noiseMs, slowdown } of [withSlow, withBad]) {
      const limitMs = baseline.renewals.quantile(0.99) + plan.limits.harm * slowdown + noiseMs;
      expectFast('while other clients misbehaved', renewals, limitMs);
    }
    return {
      'bad tokens': bad,
      'renewals before': String(baseline.renewals),
      'renewals with slow sockets': String(withSlow.renewals),
      'renewals with slow sockets and bad tokens': String(withBad.renewals),
    };
  }

  /** Throws if the server does not close the slow sockets in time. */
  async end(): Promise<Figures> {
    const { plan } = this.#context;
    const sockets = this.#sockets;
    await sockets.waitUntilClosed(plan.limits.freed * 2 - (nowMs() - this.#startedMs));
    const [left, longestMs] = [sockets.open, sockets.lifetimes.max];
    this.close();
    if (left > 0 || longestMs > plan.limits.freed)
      throw new ClaimBroken(`slow sockets stayed open for up to ${longestMs} ms, and ${left} are still open`);
    return {
      'slow sockets': plan.slowSockets,
      [`closed after, ms (limit ${FREED_MS_PROMISED})`]: Math.round(longestMs),
    };
  }

  close(): void {
    this.#sockets.close();
  }

  #measure(): Measurement {
    const { holders, machine } = this.#context;
    const noiseMs = machine.take().quantile(0.99);
    return { renewals: holders.takeLatency(), noiseMs, slowdown: this.#slowdown.take() };
  }
}

async function floodWithBadTokens(address: Address): Promise<number> {
  const task = {
    address,
    connections: 32,
    seconds: PHASE_SECONDS,
    perSecond: BAD_TOKENS_PER_SECOND,
    badTokens: true,
  };
  const { answers } = await generateLoad(task);
  return answers['401'] ?? 0;
}
