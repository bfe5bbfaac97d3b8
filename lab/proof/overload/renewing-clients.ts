import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, NoAnswer, type Address, type Answer } from '../../kit/http/connection.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { Durations } from '../server/durations.js';

interface Holder {
  readonly connection: Connection;
  readonly path: string;
  readonly leaseId: string;
}

const OPENED_AT_ONCE = 50;

/** Well-behaved clients: each renews its lease after a third of the TTL, and retries after a refusal. */
export class RenewingClients {
  readonly #ttlSeconds: number;
  readonly #holders: readonly Holder[];
  readonly #lost: string[] = [];
  #work: Promise<void>[] = [];
  #isStopped = false;
  #failure: { readonly error: unknown } | null = null;
  #latency = new Durations();
  renewals = 0;
  /** Renewals that were refused and retried. */
  refusals = 0;

  constructor(address: Address, count: number, ttlSeconds: number) {
    this.#ttlSeconds = ttlSeconds;
    this.#holders = Array.from({ length: count }, (_, index) => ({
      connection: new Connection(() => address, TOKEN),
      path: `/locks/${encodeURIComponent(`renewed/${index}`)}`,
      leaseId: randomUUID(),
    }));
  }

  /** Acquires all leases and starts to renew them. */
  async start(): Promise<void> {
    const waiting = this.#holders.values();
    const acquireInTurn = async (): Promise<void> => {
      for (const holder of waiting) {
        const answer = await this.#send(holder, 'acquire');
        if (answer.status !== 200) throw new Error(`an acquire was refused: ${answer.status} ${answer.text}`);
        this.#work.push(this.#renewRepeatedly(holder));
      }
    };
    await Promise.all(Array.from({ length: OPENED_AT_ONCE }, acquireInTurn));
    this.takeLatency();
  }

  /** The durations of renewals since the last call. */
  takeLatency(): Durations {
    const latency = this.#latency;
    this.#latency = new Durations();
    return latency;
  }

  /** Ends the work. Throws if a lease was lost. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#work);
    for (const { connection } of this.#holders) connection.cut();
    if (this.#failure !== null) throw this.#failure.error;
    if (this.#lost.length > 0)
      throw new ClaimBroken(`${this.#lost.length} leases were lost, for example ${this.#lost[0]}`);
  }

  async #renewRepeatedly(holder: Holder): Promise<void> {
    // A random delay spreads the clients out, as in real life.
    await pause(Math.random() * this.#thirdMs);
    try {
      while (!this.#isStopped) {
        await this.#renew(holder);
        await pause(this.#thirdMs);
      }
    } catch (error) {
      // The timeout of a call is the TTL.
      if (error instanceof NoAnswer) this.#lose(holder, error.message);
      else this.#failure ??= { error };
    }
  }

  async #renew(holder: Holder): Promise<void> {
    while (!this.#isStopped) {
      const { status, text } = await this.#send(holder, 'renew');
      if (status === 200) {
        this.renewals += 1;
        return;
      }
      if (status !== 503) {
        this.#lose(holder, `${status} ${text}`);
        return;
      }
      this.refusals += 1;
      await pause(1000);
    }
  }

  #lose({ path }: Holder, reason: string): void {
    this.#lost.push(`${path}: ${reason}`);
    this.#isStopped = true;
  }

  async #send({ connection, path, leaseId }: Holder, verb: 'acquire' | 'renew'): Promise<Answer> {
    const startedMs = nowMs();
    const body = { lease_id: leaseId, ttl_seconds: this.#ttlSeconds };
    const answer = await connection.post(`${path}/${verb}`, body, this.#ttlSeconds * 1000);
    this.#latency.add(nowMs() - startedMs);
    return answer;
  }

  get #thirdMs(): number {
    return (this.#ttlSeconds * 1000) / 3;
  }
}
