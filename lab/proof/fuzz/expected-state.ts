import { nameOf } from '../../kit/bad-input/addresses.js';
import type { Reply } from '../../kit/http/client.js';
import type { FuzzRequest } from './fuzz-request.js';

/** How much the clocks of the server and of this process may differ, in milliseconds. */
const TOLERANCE_MS = 1000;

export interface OwnedLease {
  readonly name: string;
  readonly leaseId: string;
  readonly token: number;
  readonly sessionId: string | null;
  readonly endsAtMs: number;
}

type Body = Reply['body'];

/** What a user must have, according to the answers it received. */
export class ExpectedState {
  /** By lock and token. A lease of several locks is here once for each. */
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
    const answer = reply.body;
    if (reply.status < 300 && answer['status'] === 'released') return this.#removeReleased(pathname, body);
    if (method !== 'POST' || reply.status >= 300) return;
    if ('lease_id' in answer) this.#addLease(answer, fieldIn(body, 'session_id'));
    else if (pathname === '/sessions') this.#addSession(answer);
    else if (pathname.endsWith('/keepalive')) this.#extendSession(pathname, answer);
    else if (pathname === '/webhooks') this.#addWebhook(answer);
  }

  /** Whether the user certainly has the lease at this moment, given the tolerance. */
  mustHave(lease: OwnedLease, nowMs: number): boolean {
    return this.#endOf(lease) > nowMs + TOLERANCE_MS;
  }

  /** Whether the user certainly no longer has it. */
  mustHaveLost(lease: OwnedLease, nowMs: number): boolean {
    return this.#endOf(lease) < nowMs - TOLERANCE_MS;
  }

  /** The user no longer has the lease, nor any of its locks. */
  forget({ token }: OwnedLease): void {
    for (const [key, other] of this.leases) if (other.token === token) this.leases.delete(key);
  }

  mustHaveSession(id: string, nowMs: number): boolean {
    return (this.sessions.get(id) ?? 0) > nowMs + TOLERANCE_MS;
  }

  /** What is wrong with a list of the user's locks that was requested at `requestedMs` and received at `receivedMs`. */
  problemsWithLocks(listed: readonly Body[], requestedMs: number, receivedMs: number): string[] {
    const keys = new Set(listed.map(keyOf));
    const missing = [...this.leases].filter(
      ([key, lease]) => !keys.has(key) && this.mustHave(lease, receivedMs),
    );
    return [
      ...missing.map(([, { name }]) => `the lease of ${name} is lost`),
      ...listed.flatMap((lock) => this.#problemsWithLock(lock, requestedMs)),
    ];
  }

  #problemsWithLock(lock: Body, requestedMs: number): string[] {
    const name = String(lock['name']);
    const lease = this.leases.get(keyOf(lock));
    if (lease === undefined) return [`a lease of ${name} exists that no answer mentioned`];
    if (this.mustHaveLost(lease, requestedMs)) return [`the lease of ${name} should have ended`];
    return lock['lease_id'] === lease.leaseId
      ? []
      : [`${name} is held under a different lease than expected`];
  }

  #endOf({ sessionId, endsAtMs }: OwnedLease): number {
    return sessionId === null ? endsAtMs : Math.min(endsAtMs, this.sessions.get(sessionId) ?? 0);
  }

  #addLease(answer: Body, sessionId: string | null): void {
    const token = Number(answer['fencing_token']);
    const known = [...this.leases.values()].find((lease) => lease.token === token);
    if (known === undefined) this.grants += 1;
    const lease = {
      token,
      leaseId: String(answer['lease_id']),
      sessionId: known === undefined ? sessionId : known.sessionId,
      endsAtMs: Date.parse(String(answer['expires_at'])),
    };
    const names = locksIn(answer);
    if (known === undefined) this.#forgetExpired(lease.leaseId, names);
    for (const name of names) this.leases.set(`${name} ${token}`, { ...lease, name });
  }

  /** A lease id can only be granted again for the same lock after the earlier lease has ended. */
  #forgetExpired(leaseId: string, names: readonly string[]): void {
    for (const lease of this.leases.values()) {
      if (lease.leaseId === leaseId && names.includes(lease.name)) this.forget(lease);
    }
  }

  #removeReleased(pathname: string, body: string | Buffer): void {
    const [, name] = /^\/locks\/(.*)\/release$/.exec(pathname) ?? [];
    const lock = name === undefined ? null : nameOf(name);
    const leaseId = lock === null ? pathname.split('/').at(-1)?.toLowerCase() : fieldIn(body, 'lease_id');
    const released = [...this.leases.values()].find(
      (lease) => lease.leaseId === leaseId && (lock === null || lease.name === lock),
    );
    if (released !== undefined) this.forget(released);
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
    for (const [key, { sessionId }] of this.leases) if (sessionId === id) this.leases.delete(key);
  }
}

function keyOf({ name, fencing_token: token }: Body): string {
  return `${String(name)} ${String(token)}`;
}

function locksIn({ name, locks }: Body): string[] {
  if (!Array.isArray(locks)) return [String(name)];
  return locks.map((lock: Body) => String(lock['name']));
}

/** An id in the body of a request, or null if it is not there. */
function fieldIn(body: string | Buffer, field: 'session_id' | 'lease_id'): string | null {
  // The decoder drops a byte order mark, as the server does.
  const text = new TextDecoder().decode(Buffer.from(body));
  const { [field]: id } = JSON.parse(text) as Partial<Record<typeof field, string | null>>;
  return id?.toLowerCase() ?? null;
}
