import { Connection, NoAnswer, type Address } from '../../kit/http/connection.js';
import { tokenOf, type SharedState } from '../../kit/load/shared-state.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { BackgroundWork } from '../background-work.js';

const PAUSE_MS = 200;
const ANSWER_WITHIN_MS = 3000;
const REMEMBERED = 50;

/** A client that replaces its token again and again. A token that was replaced must never be accepted again. */
export class Rotator {
  rotations = 0;
  refusals = 0;
  #token: string;
  #user = 0;
  readonly #ended: string[] = [];

  /** @param users so many users, named by `rotatorUser`, whose tokens can be used up. */
  constructor(
    private readonly address: () => Address,
    private readonly shared: SharedState,
    private readonly random: Random,
    private readonly users: number,
  ) {
    this.#token = tokenOf(rotatorUser(0));
  }

  start(work: BackgroundWork): void {
    work.repeat(new Connection(this.address, ''), () => this.#turn());
  }

  async #turn(): Promise<void> {
    await pause(PAUSE_MS);
    await this.#rotate();
    if (this.#ended.length > 0) await this.#useEnded(this.random.pick(this.#ended));
  }

  async #rotate(): Promise<void> {
    const answer = await this.#call(this.#token, 'POST', '/auth/token/rotate');
    if (answer?.status === 200 || answer?.status === 201) {
      this.rotations += 1;
      this.#remember(this.#token);
      this.#token = String(answer.body['token']);
    }
    // A rotation without an answer took effect, and its token is lost.
    if (answer?.status === 401) this.#nextUser();
  }

  #nextUser(): void {
    this.#user = (this.#user + 1) % this.users;
    this.#token = tokenOf(rotatorUser(this.#user));
  }

  #remember(token: string): void {
    this.#ended.push(token);
    if (this.#ended.length > REMEMBERED) this.#ended.shift();
  }

  async #useEnded(token: string): Promise<void> {
    const answer = await this.#call(token, 'GET', '/locks?limit=1');
    if (answer?.status === 401) this.refusals += 1;
    if (answer?.status === 200) this.shared.violation('a token was accepted after it had been replaced');
  }

  async #call(
    token: string,
    method: string,
    path: string,
  ): Promise<Awaited<ReturnType<Connection['call']>> | null> {
    const connection = new Connection(this.address, token, ANSWER_WITHIN_MS);
    try {
      return await connection.call(method, path);
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    } finally {
      connection.cut();
    }
  }
}

export function rotatorUser(number: number): string {
  return `rotator${number}`;
}
