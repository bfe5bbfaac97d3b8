import type { Address } from '../../kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Figures } from '../proof.js';
import type { Durations } from '../server/durations.js';
import { Slowdown } from '../server/slowdown.js';
import { generateLoad } from './generate-load.js';
import { expectQuick, FREED_MS_PROMISED, type Scene } from './scene.js';
import { SlowSockets } from './slow-sockets.js';

const BAD_TOKENS_PER_SECOND = 500;
const PHASE_SECONDS = 2.5;

interface Span {
  readonly renewals: Durations;
  /** What the machine adds to everything, in milliseconds. */
  readonly noiseMs: number;
  /** How many times longer the server took because others had the processors. */
  readonly slower: number;
}

/** Connections that only want to take up the server's time and sockets, and what they do to those who behave. */
export class Nuisances {
  readonly #scene: Scene;
  readonly #slowdown: Slowdown;
  readonly #sockets = new SlowSockets();
  #startedMs = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#slowdown = new Slowdown(scene.server.processId);
  }

  /** Opens slow sockets and sends bad tokens. Throws if those who behave are harmed. The sockets stay. */
  async appear(): Promise<Figures> {
    const { server, plan, tell } = this.#scene;
    this.#next();
    await pause(PHASE_SECONDS * 1000);
    const calm = this.#next();
    this.#startedMs = nowMs();
    await this.#sockets.start(server.address, plan.slowSockets);
    await pause(PHASE_SECONDS * 1000);
    const withSlow = this.#next();
    const bad = await floodWithBadTokens(server.address);
    const withBad = this.#next();
    tell(`${this.#sockets.open} slow sockets and ${bad} bad tokens`);
    for (const { renewals, noiseMs, slower } of [withSlow, withBad]) {
      const boundMs = calm.renewals.quantile(0.99) + plan.bounds.harm * slower + noiseMs;
      expectQuick('while others misbehaved', renewals, boundMs);
    }
    return {
      'bad tokens': bad,
      'renewals before': String(calm.renewals),
      'renewals beside slow sockets': String(withSlow.renewals),
      'renewals beside those and bad tokens': String(withBad.renewals),
    };
  }

  /** Throws if the server does not end the slow sockets in time. */
  async end(): Promise<Figures> {
    const { plan } = this.#scene;
    const sockets = this.#sockets;
    await sockets.ended(plan.bounds.freed * 2 - (nowMs() - this.#startedMs));
    const [left, longestMs] = [sockets.open, sockets.lifetimes.max];
    this.close();
    if (left > 0 || longestMs > plan.bounds.freed)
      throw new ClaimBroken(`slow sockets lasted ${longestMs} ms, ${left} even longer`);
    return {
      'slow sockets': plan.slowSockets,
      [`freed after, ms (${FREED_MS_PROMISED} promised)`]: Math.round(longestMs),
    };
  }

  close(): void {
    this.#sockets.close();
  }

  #next(): Span {
    const { holders, machine } = this.#scene;
    const noiseMs = machine.take().quantile(0.99);
    return { renewals: holders.takeLatency(), noiseMs, slower: this.#slowdown.take() };
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
