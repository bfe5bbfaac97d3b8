import { pause } from '../../../src/process/time.js';
import type { Reply } from '../../kit/http/client.js';
import { ClaimBroken } from '../proof.js';
import { Gun } from './gun.js';
import { ExpectedState } from './expected-state.js';
import { replyOf, type Oracle } from './oracle.js';
import { aimed, anyAnswer, bytesOf, type RawShot, type Shot } from './shot.js';
import type { Tally } from './tally.js';

export interface User {
  readonly name: string;
  readonly token: string;
}

/** What a user has at most before some of it is given back, so that lists stay short. */
const BELONGINGS_MAX = { leases: 12, sessions: 12, webhooks: 4 } as const;

/** Milliseconds before a request is repeated that came while the server had too much to do. */
const BREATHER_MS = 100;

/** A user who sends one request after the other and checks each reply against the API document and the expected state. */
export class Attacker {
  readonly expected = new ExpectedState();
  readonly #gun: Gun;
  #serial = 0;

  constructor(
    readonly user: User,
    url: () => string,
    private readonly oracle: Oracle,
    private readonly tally: Tally,
    patienceMs?: number,
  ) {
    this.#gun = new Gun(url, patienceMs);
  }

  /** Sends the request as it is meant for this user. Throws `ClaimBroken` if the answer is not as it must be. */
  async shoot(template: Shot): Promise<Reply> {
    const shot = aimed(template, this.#belongings());
    const reply = await this.#ask(shot);
    const problems = [...this.oracle.problemsWith(shot.method, shot.path, reply), ...shot.judge(reply, shot)];
    if (problems.length > 0) throw new ClaimBroken(reportOf(shot, reply, problems));
    this.tally.count(shot.attack, reply);
    this.expected.note(shot, reply);
    return reply;
  }

  /** Sends bytes of which nobody can say beforehand what they ask for. */
  async shootApart({ attack, bytes, answersMax }: RawShot): Promise<void> {
    const all = (await this.#gun.fireApart(bytes)).filter(({ status }) => status >= 200).map(replyOf);
    const problems = all.flatMap((reply) => this.oracle.problemsWithAnyAnswer(reply));
    if (all.length > answersMax) problems.push(`${all.length} answers`);
    if (problems.length > 0) throw new ClaimBroken(`${attack}: ${problems.join('; ')}\n${quote(bytes)}`);
    this.tally.countApart(attack, all);
  }

  /** Gives back the oldest of what is more than enough; each thing must still be there. */
  async tidy(): Promise<void> {
    const { leases, sessions, webhooks } = this.expected;
    for (const [name, { leaseId }] of surplus(leases, BELONGINGS_MAX.leases))
      await this.#release(name, leaseId);
    for (const [id] of surplus(sessions, BELONGINGS_MAX.sessions)) await this.#endSession(id);
    for (const id of surplus(webhooks, BELONGINGS_MAX.webhooks)) await this.#deleteWebhook(id);
  }

  /**
   * Compares what the user has with what the user was told.
   *
   * @param mayLinger whether leases may last longer than that, because the server was down meanwhile.
   */
  async settle(mayLinger = false): Promise<void> {
    const askedMs = mayLinger ? -Infinity : Date.now();
    const { body } = await this.shoot(this.#request('GET', '/locks?owner=me&limit=10000'));
    const problems = this.expected.problemsWithLocks(body['locks'] as Reply['body'][], askedMs, Date.now());
    const { body: webhooks } = await this.shoot(this.#request('GET', '/webhooks'));
    problems.push(...this.#problemsWithWebhooks(Object.values(webhooks) as Reply['body'][]));
    for (const id of this.expected.sessions.keys()) problems.push(...(await this.#problemsWithSession(id)));
    if (problems.length > 0) throw new ClaimBroken(`${this.user.name}: ${problems.join('; ')}`);
  }

  stop(): void {
    this.#gun.stop();
  }

  async #ask(shot: Shot): Promise<Reply> {
    const bytes = bytesOf(shot);
    for (;;) {
      const raw = await this.#gun.fire(bytes, shot.method === 'HEAD').catch((error: unknown) => {
        throw new ClaimBroken(`${shot.attack}: ${String(error)}\n${quote(bytes)}`);
      });
      const reply = replyOf(raw);
      if (reply.body['code'] !== 'overloaded') return reply;
      this.tally.overloaded += 1;
      await pause(BREATHER_MS);
    }
  }

  async #release(name: string, leaseId: string): Promise<void> {
    const path = `/locks/${encodeURIComponent(name)}/release`;
    const mustFail = this.expected.mustHaveLost(name, Date.now());
    const { status } = await this.shoot(this.#request('POST', path, JSON.stringify({ lease_id: leaseId })));
    if (status === 200 && mustFail) throw new ClaimBroken(`the lease of ${name} outlived its time`);
    if (status !== 200 && this.expected.mustHave(name, Date.now()))
      throw new ClaimBroken(`the lease of ${name} was lost`);
    this.expected.leases.delete(name);
  }

  async #endSession(id: string): Promise<void> {
    const reply = await this.shoot(this.#request('DELETE', `/sessions/${id}`));
    if (reply.status !== 204 && this.expected.mustHaveSession(id, Date.now()))
      throw new ClaimBroken(`the session ${id} was lost: ${JSON.stringify(reply.body)}`);
    this.expected.sessions.delete(id);
  }

  async #deleteWebhook(id: string): Promise<void> {
    const { status } = await this.shoot(this.#request('DELETE', `/webhooks/${id}`));
    if (status !== 204) throw new ClaimBroken(`the webhook ${id} was lost`);
  }

  #problemsWithWebhooks(listed: readonly Reply['body'][]): string[] {
    const listedIds = listed
      .map(({ id }) => String(id))
      .toSorted()
      .join();
    const ownIds = [...this.expected.webhooks].toSorted().join();
    return listedIds === ownIds ? [] : [`the webhooks are ${listedIds}, not ${ownIds}`];
  }

  async #problemsWithSession(id: string): Promise<string[]> {
    const { status } = await this.shoot(this.#request('GET', `/sessions/${id}`));
    return status !== 200 && this.expected.mustHaveSession(id, Date.now())
      ? [`the session ${id} is lost`]
      : [];
  }

  #request(method: string, path: string, body = ''): Shot {
    const headers = [`authorization: Bearer ${this.user.token}`];
    return { attack: 'giving back and looking', method, path, headers, body, judge: anyAnswer };
  }

  #belongings() {
    this.#serial += 1;
    const [lock, lease] = last(this.expected.leases) ?? ['nobody-has-this-lock', null];
    const [session] = last(this.expected.sessions) ?? [NOBODYS];
    return {
      lock: encodeURIComponent(lock),
      lease: lease?.leaseId ?? NOBODYS,
      session,
      webhook: [...this.expected.webhooks].at(-1) ?? NOBODYS,
      newLock: `${this.user.name}/${this.#serial}`,
      newLease: `0a77ac4e-0000-4000-8000-${String(this.#serial).padStart(12, '0')}`,
    };
  }
}

const NOBODYS = '0a77ac4e-0000-4000-9000-000000000000';

function surplus<T>(things: Iterable<T> & { readonly size: number }, max: number): T[] {
  return [...things].slice(0, Math.max(0, things.size - max));
}

function last<K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined {
  return [...map].at(-1);
}

function reportOf(shot: Shot, { status, headers, body }: Reply, problems: readonly string[]): string {
  const answer = JSON.stringify({ status, headers: [...headers], body }).slice(0, 2000);
  return `${shot.attack}: ${problems.join('; ')}\nthe request was ${quote(bytesOf(shot))}\nthe answer was ${answer}`;
}

/** Bytes as a string literal of JavaScript, one character a byte: sent as latin1 they are the same again. */
function quote(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1'));
}
