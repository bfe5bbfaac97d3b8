import { pause } from '../../../src/process/time.js';
import type { Reply } from '../../kit/http/client.js';
import { ClaimBroken } from '../proof.js';
import { RequestSender } from './request-sender.js';
import { ExpectedState, type OwnedLease } from './expected-state.js';
import { replyOf, type AnswerChecker } from './answer-checker.js';
import { filledIn, anyAnswer, bytesOf, type RawFuzzRequest, type FuzzRequest } from './fuzz-request.js';
import type { Tally } from './tally.js';

export interface User {
  readonly name: string;
  readonly token: string;
}

/** How much a user keeps. Anything older is released, so that lists stay short. */
const KEPT_MAX = { leases: 12, sessions: 12, webhooks: 4 } as const;

/** How long to wait before a request that was shed is repeated, in milliseconds. */
const RETRY_MS = 100;

/** A user who sends one request after another, and checks each answer against the API document and the expected state. */
export class Attacker {
  readonly expected = new ExpectedState();
  readonly #sender: RequestSender;
  #serial = 0;

  constructor(
    readonly user: User,
    url: () => string,
    private readonly checker: AnswerChecker,
    private readonly tally: Tally,
    patienceMs?: number,
  ) {
    this.#sender = new RequestSender(url, patienceMs);
  }

  /** Fills in this user's own ids and sends the request. Throws `ClaimBroken` if the answer is wrong. */
  async send(template: FuzzRequest): Promise<Reply> {
    const request = filledIn(template, this.#ownThings());
    const reply = await this.#send(request);
    const problems = [
      ...this.checker.problemsWith(request.method, request.path, reply),
      ...request.check(reply, request),
    ];
    if (problems.length > 0) throw new ClaimBroken(reportOf(request, reply, problems));
    this.tally.count(request.attack, reply);
    this.expected.record(request, reply);
    return reply;
  }

  /** Sends bytes on a separate connection. What they mean to the server is not known in advance. */
  async sendRaw({ attack, bytes, answersMax }: RawFuzzRequest): Promise<void> {
    const all = (await this.#sender.sendRaw(bytes)).filter(({ status }) => status >= 200).map(replyOf);
    const problems = all.flatMap((reply) => this.checker.problemsWithAnyAnswer(reply));
    if (all.length > answersMax) problems.push(`${all.length} answers`);
    if (problems.length > 0) throw new ClaimBroken(`${attack}: ${problems.join('; ')}\n${quote(bytes)}`);
    this.tally.countRaw(attack, all);
  }

  /** Releases the oldest leases, sessions and webhooks beyond the maximum. Each must still exist. */
  async tidy(): Promise<void> {
    const { leases, sessions, webhooks } = this.expected;
    for (const [, lease] of surplus(leases, KEPT_MAX.leases)) await this.#release(lease);
    for (const [id] of surplus(sessions, KEPT_MAX.sessions)) await this.#endSession(id);
    for (const id of surplus(webhooks, KEPT_MAX.webhooks)) await this.#deleteWebhook(id);
  }

  /**
   * Compares what the user has with what it should have.
   *
   * @param mayLinger whether leases may last longer than expected, because the server was down.
   */
  async settle(mayLinger = false): Promise<void> {
    const requestedMs = mayLinger ? -Infinity : Date.now();
    const { body } = await this.send(this.#request('GET', '/locks?owner=me&limit=10000'));
    const problems = this.expected.problemsWithLocks(
      body['locks'] as Reply['body'][],
      requestedMs,
      Date.now(),
    );
    const { body: webhooks } = await this.send(this.#request('GET', '/webhooks'));
    problems.push(...this.#problemsWithWebhooks(Object.values(webhooks) as Reply['body'][]));
    for (const id of this.expected.sessions.keys()) problems.push(...(await this.#problemsWithSession(id)));
    if (problems.length > 0) throw new ClaimBroken(`${this.user.name}: ${problems.join('; ')}`);
  }

  stop(): void {
    this.#sender.stop();
  }

  async #send(request: FuzzRequest): Promise<Reply> {
    const bytes = bytesOf(request);
    for (;;) {
      const raw = await this.#sender.send(bytes, request.method === 'HEAD').catch((error: unknown) => {
        throw new ClaimBroken(`${request.attack}: ${String(error)}\n${quote(bytes)}`);
      });
      const reply = replyOf(raw);
      if (reply.body['code'] !== 'overloaded') return reply;
      this.tally.overloaded += 1;
      await pause(RETRY_MS);
    }
  }

  async #release(lease: OwnedLease): Promise<void> {
    const { name, leaseId } = lease;
    // Another lock of the same lease may have been released before it.
    if (![...this.expected.leases.values()].includes(lease)) return;
    const path = `/locks/${encodeURIComponent(name)}/release`;
    const mustFail = this.expected.mustHaveLost(lease, Date.now());
    const { status } = await this.send(this.#request('POST', path, JSON.stringify({ lease_id: leaseId })));
    if (status === 200 && mustFail) throw new ClaimBroken(`the lease of ${name} should have expired`);
    if (status !== 200 && this.expected.mustHave(lease, Date.now()))
      throw new ClaimBroken(`the lease of ${name} was lost`);
    this.expected.forget(lease);
  }

  async #endSession(id: string): Promise<void> {
    const reply = await this.send(this.#request('DELETE', `/sessions/${id}`));
    if (reply.status !== 204 && this.expected.mustHaveSession(id, Date.now()))
      throw new ClaimBroken(`the session ${id} was lost: ${JSON.stringify(reply.body)}`);
    this.expected.sessions.delete(id);
  }

  async #deleteWebhook(id: string): Promise<void> {
    const { status } = await this.send(this.#request('DELETE', `/webhooks/${id}`));
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
    const { status } = await this.send(this.#request('GET', `/sessions/${id}`));
    return status !== 200 && this.expected.mustHaveSession(id, Date.now())
      ? [`the session ${id} is lost`]
      : [];
  }

  #request(method: string, path: string, body = ''): FuzzRequest {
    const headers = [`authorization: Bearer ${this.user.token}`];
    return { attack: 'releasing and listing', method, path, headers, body, check: anyAnswer };
  }

  #ownThings() {
    this.#serial += 1;
    const [, lease] = last(this.expected.leases) ?? [];
    const [session] = last(this.expected.sessions) ?? [UNKNOWN_ID];
    return {
      lock: encodeURIComponent(lease?.name ?? 'no-one-holds-this-lock'),
      lease: lease?.leaseId ?? UNKNOWN_ID,
      session,
      webhook: [...this.expected.webhooks].at(-1) ?? UNKNOWN_ID,
      newLock: `${this.user.name}/${this.#serial}`,
      newLease: `0a77ac4e-0000-4000-8000-${String(this.#serial).padStart(12, '0')}`,
    };
  }
}

const UNKNOWN_ID = '0a77ac4e-0000-4000-9000-000000000000';

function surplus<T>(things: Iterable<T> & { readonly size: number }, max: number): T[] {
  return [...things].slice(0, Math.max(0, things.size - max));
}

function last<K, V>(map: ReadonlyMap<K, V>): [K, V] | undefined {
  return [...map].at(-1);
}

function reportOf(
  request: FuzzRequest,
  { status, headers, body }: Reply,
  problems: readonly string[],
): string {
  const answer = JSON.stringify({ status, headers: [...headers], body }).slice(0, 2000);
  return `${request.attack}: ${problems.join('; ')}\nthe request was ${quote(bytesOf(request))}\nthe answer was ${answer}`;
}

/** Bytes as a JavaScript string literal, one character per byte. Encode it as latin1 to get the same bytes. */
function quote(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1'));
}
