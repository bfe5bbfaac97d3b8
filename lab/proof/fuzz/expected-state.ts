import { nameOf } from '../../kit/bad-input/addresses.js';
import type { Reply } from '../../kit/http/client.js';
import type { FuzzRequest } from './fuzz-request.js';

/** How much the clocks of the server and of this process may differ, in milliseconds. */
const TOLERANCE_MS = 1000;

interface OwnedLease {
  readonly leaseId: string;
  readonly token: number;
  readonly sessionId: string | null;
  readonly endsAtMs: number;
}

type Body = Reply['body'];

/** What a user must have, according to the answers it received. */
export class ExpectedState {
  readonly leases = new Map<string, OwnedLease>();
  /** When each session expires, in milliseconds. */
  readonly sessions = new Map<string, number>();
  readonly webhooks = new Set<string>();
  grants = 0;
  sessionsOpened = 0;
  webhooksCreated = 0;

  /** Records an accepted request. */
  record({ method, path, body }: FuzzRequest, reply: Reply): void {
    const [pathname = ''] = path.split('?');
    if (reply.status === 204) this.#removeDeleted(pathname.split('/').at(-1)?.toLowerCase() ?? '');
    if (method !== 'POST' || reply.status >= 300) return;
    const answer = reply.body;
    if (answer['status'] === 'released')
      this.leases.delete(nameOf(/^\/locks\/(.*)\/release$/.exec(pathname)?.[1] ?? '') ?? '');
    else if ('lease_id' in answer) this.#addLease(answer, sessionIn(body));
    else if (pathname === '/sessions') this.#addSession(answer);
    else if (pathname.endsWith('/keepalive')) this.#extendSession(pathname, answer);
    else if (pathname === '/webhooks') this.#addWebhook(answer);
  }

  /** Whether the user certainly has the lease at this moment, given the tolerance. */
  mustHave(name: string, nowMs: number): boolean {
    return this.#endOf(name) > nowMs + TOLERANCE_MS;
  }

  /** Whether the user certainly no longer has it. */
  mustHaveLost(name: string, nowMs: number): boolean {
    return this.#endOf(name) < nowMs - TOLERANCE_MS;
  }

  mustHaveSession(id: string, nowMs: number): boolean {
    return (this.sessions.get(id) ?? 0) > nowMs + TOLERANCE_MS;
  }

  /** What is wrong with a list of the user's locks that was requested at `requestedMs` and received at `receivedMs`. */
  problemsWithLocks(listed: readonly Body[], requestedMs: number, receivedMs: number): string[] {
    const names = new Set(listed.map(({ name }) => String(name)));
    const missing = [...this.leases.keys()].filter(
      (name) => !names.has(name) && this.mustHave(name, receivedMs),
    );
    return [
      ...missing.map((name) => `the lease of ${name} is lost`),
      ...listed.flatMap((lock) => this.#problemsWithLock(lock, requestedMs)),
    ];
  }

  #problemsWithLock(lock: Body, requestedMs: number): string[] {
    const name = String(lock['name']);
    const lease = this.leases.get(name);
    if (lease === undefined) return [`a lease of ${name} exists that no answer mentioned`];
    if (this.mustHaveLost(name, requestedMs)) return [`the lease of ${name} should have ended`];
    const isSame = lock['lease_id'] === lease.leaseId && lock['fencing_token'] === lease.token;
    return isSame ? [] : [`${name} is held under a different lease than expected`];
  }

  #endOf(name: string): number {
    const lease = this.leases.get(name);
    if (lease === undefined) return 0;
    if (lease.sessionId === null) return lease.endsAtMs;
    return Math.min(lease.endsAtMs, this.sessions.get(lease.sessionId) ?? 0);
  }

  #addLease(answer: Body, sessionId: string | null): void {
    const name = String(answer['name']);
    const known = this.leases.get(name);
    const token = Number(answer['fencing_token']);
    const isNew = known?.token !== token;
    if (isNew) this.grants += 1;
    this.leases.set(name, {
      token,
      leaseId: String(answer['lease_id']),
      sessionId: isNew ? sessionId : known.sessionId,
      endsAtMs: Date.parse(String(answer['expires_at'])),
    });
  }

  #addSession(answer: Body): void {
    this.sessions.set(String(answer['session_id']), Date.parse(String(answer['expires_at'])));
    this.sessionsOpened += 1;
  }

  #extendSession(pathname: string, answer: Body): void {
    const id = pathname.split('/').at(-2)?.toLowerCase() ?? '';
    this.sessions.set(id, Date.parse(String(answer['expires_at'])));
  }

  #addWebhook(answer: Body): void {
    this.webhooks.add(String(answer['id']));
    this.webhooksCreated += 1;
  }

  /** When a session ends, its leases end too. */
  #removeDeleted(id: string): void {
    this.webhooks.delete(id);
    this.sessions.delete(id);
    for (const [name, { sessionId }] of this.leases) if (sessionId === id) this.leases.delete(name);
  }
}

function sessionIn(body: string | Buffer): string | null {
  // The decoder drops a byte order mark, as the server does.
  const text = new TextDecoder().decode(Buffer.from(body));
  const { session_id: id } = JSON.parse(text) as { session_id?: string | null };
  return id?.toLowerCase() ?? null;
}
