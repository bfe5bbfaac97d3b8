import { Connection, type Address, type Answer } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken } from '../proof.js';

const LOCK = 'held-by-the-bystander';
const TTL_SECONDS = 60;
const INTERVAL_MS = 500;
/** Far more than a busy machine needs. */
const PATIENCE_MS = 30_000;

/** A client that holds a lock and a session all the while, and must notice nothing of the attack. */
export class Bystander {
  renewals = 0;
  readonly #connection: Connection;
  #session = '';
  #lease: Readonly<Record<string, unknown>> = {};
  #isOver = false;
  #life: Promise<void> = Promise.resolve();

  constructor(address: () => Address, token: string) {
    this.#connection = new Connection(address, token);
  }

  async start(): Promise<void> {
    const session = await this.#post('/sessions', { ttl_seconds: TTL_SECONDS });
    this.#session = String(session.body['session_id']);
    const body = { ttl_seconds: TTL_SECONDS, session_id: this.#session };
    this.#lease = (await this.#post(`/locks/${LOCK}/acquire`, body)).body;
    this.#life = this.#live();
    // Told when it is stopped.
    this.#life.catch(() => undefined);
  }

  /** Throws `ClaimBroken` if anything went wrong in its life. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#life;
    await this.#look();
    this.#connection.cut();
  }

  async #live(): Promise<void> {
    while (!this.#isOver) {
      const body = { lease_id: this.#lease['lease_id'], ttl_seconds: TTL_SECONDS };
      const { body: renewed } = await this.#post(`/locks/${LOCK}/renew`, body);
      if (renewed['fencing_token'] !== this.#lease['fencing_token']) throw new ClaimBroken('another token');
      await this.#post(`/sessions/${this.#session}/keepalive`, {});
      this.renewals += 1;
      await pause(INTERVAL_MS);
    }
  }

  async #look(): Promise<void> {
    const { body } = await this.#connection.call('GET', `/locks/${LOCK}`, '', PATIENCE_MS);
    for (const field of ['lease_id', 'fencing_token', 'holder']) {
      if (body[field] !== this.#lease[field])
        throw new ClaimBroken(`the bystander's lock changed: ${JSON.stringify(body)}`);
    }
  }

  async #post(path: string, body: object): Promise<Answer> {
    const answer = await this.#connection.post(path, body, PATIENCE_MS);
    if (answer.status >= 300) throw new ClaimBroken(`the bystander lost ${path}: ${answer.text}`);
    return answer;
  }
}
