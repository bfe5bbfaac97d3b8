import { Connection, type Address, type Answer } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken } from '../proof.js';

const LOCK = 'held-by-the-bystander';
const TTL_SECONDS = 60;
const INTERVAL_MS = 500;
/** Far more than a busy machine needs. */
const PATIENCE_MS = 30_000;

/** A client that holds a lock and a session during the attack, and must not be affected by it. */
export class Bystander {
  renewals = 0;
  readonly #connection: Connection;
  #session = '';
  #lease: Readonly<Record<string, unknown>> = {};
  #isStopped = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(address: () => Address, token: string) {
    this.#connection = new Connection(address, token);
  }

  async start(): Promise<void> {
    const session = await this.#post('/sessions', { ttl_seconds: TTL_SECONDS });
    this.#session = String(session.body['session_id']);
    const body = { ttl_seconds: TTL_SECONDS, session_id: this.#session };
    this.#lease = (await this.#post(`/locks/${LOCK}/acquire`, body)).body;
    this.#renewing = this.#renew();
    // `stop` throws the error.
    this.#renewing.catch(() => undefined);
  }

  /** Throws `ClaimBroken` if anything went wrong. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#renewing;
    await this.#checkLock();
    this.#connection.cut();
  }

  async #renew(): Promise<void> {
    while (!this.#isStopped) {
      const body = { lease_id: this.#lease['lease_id'], ttl_seconds: TTL_SECONDS };
      const { body: renewed } = await this.#post(`/locks/${LOCK}/renew`, body);
      if (renewed['fencing_token'] !== this.#lease['fencing_token'])
        throw new ClaimBroken("the bystander's fencing token changed");
      await this.#post(`/sessions/${this.#session}/keepalive`, {});
      this.renewals += 1;
      await pause(INTERVAL_MS);
    }
  }

  async #checkLock(): Promise<void> {
    const { body } = await this.#connection.call('GET', `/locks/${LOCK}`, '', PATIENCE_MS);
    for (const field of ['lease_id', 'fencing_token', 'holder']) {
      if (body[field] !== this.#lease[field])
        throw new ClaimBroken(`the bystander's lock changed: ${JSON.stringify(body)}`);
    }
  }

  async #post(path: string, body: object): Promise<Answer> {
    const answer = await this.#connection.post(path, body, PATIENCE_MS);
    if (answer.status >= 300)
      throw new ClaimBroken(`the bystander's request to ${path} failed: ${answer.text}`);
    return answer;
  }
}
