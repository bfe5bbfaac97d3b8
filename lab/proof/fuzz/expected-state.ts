import { nameOf } from '../../kit/bad-input/addresses.js';
import type { Reply } from '../../kit/http/client.js';
import type { Shot } from './shot.js';

/** How far the clocks of the server and of this process may be apart, in milliseconds. */
const TOLERANCE_MS = 1000;

interface OwnedLease {
  readonly leaseId: string;
  readonly token: number;
  readonly sessionId: string | null;
  readonly endsAtMs: number;
}

type Body = Reply['body'];

/** What a user must have, by the answers to the user's requests. */
export class ExpectedState {
  readonly leases = new Map<string, OwnedLease>();
  /** When each session ends by itself, in milliseconds. */
  readonly sessions = new Map<string, number>();
  readonly webhooks = new Set<string>();
  grants = 0;
  sessionsOpened = 0;
  webhooksMade = 0;

  /** Takes note of an accepted request. */
  note({ method, path, body }: Shot, reply: Reply): void {
    const [pathname = ''] = path.split('?');
    if (reply.status === 204) this.#noteDeletion(pathname.split('/').at(-1)?.toLowerCase() ?? '');
    if (method !== 'POST' || reply.status >= 300) return;
    const answer = reply.body;
    if (answer['status'] === 'released')
      this.leases.delete(nameOf(/^\/locks\/(.*)\/release$/.exec(pathname)?.[1] ?? '') ?? '');
    else if ('lease_id' in answer) this.#noteLease(answer, sessionIn(body));
    else if (pathname === '/sessions') this.#noteSession(answer);
    else if (pathname.endsWith('/keepalive')) this.#noteKeepalive(pathname, answer);
    else if (pathname === '/webhooks') this.#noteWebhook(answer);
  }

  /** Whether the user must have the lease at this moment, however far the clocks are apart. */
  mustHave(name: string, nowMs: number): boolean {
    return this.#endOf(name) > nowMs + TOLERANCE_MS;
  }

  /** Whether the user must no longer have it. */
  mustHaveLost(name: string, nowMs: number): boolean {
    return this.#endOf(name) < nowMs - TOLERANCE_MS;
  }

  mustHaveSession(id: string, nowMs: number): boolean {
    return (this.sessions.get(id) ?? 0) > nowMs + TOLERANCE_MS;
  }

  /** What is wrong with a list of the user's locks that was asked for at `askedMs` and came at `cameMs`. */
  problemsWithLocks(listed: readonly Body[], askedMs: number, cameMs: number): string[] {
    const names = new Set(listed.map(({ name }) => String(name)));
    const missing = [...this.leases.keys()].filter((name) => !names.has(name) && this.mustHave(name, cameMs));
    return [
      ...missing.map((name) => `the lease of ${name} is lost`),
      ...listed.flatMap((lock) => this.#problemsWithLock(lock, askedMs)),
    ];
  }

  #problemsWithLock(lock: Body, askedMs: number): string[] {
    const name = String(lock['name']);
    const lease = this.leases.get(name);
    if (lease === undefined) return [`nobody was told of a lease of ${name}`];
    if (this.mustHaveLost(name, askedMs)) return [`the lease of ${name} should have ended`];
    const isSame = lock['lease_id'] === lease.leaseId && lock['fencing_token'] === lease.token;
    return isSame ? [] : [`${name} is held under another lease than the user was told of`];
  }

  #endOf(name: string): number {
    const lease = this.leases.get(name);
    if (lease === undefined) return 0;
    if (lease.sessionId === null) return lease.endsAtMs;
    return Math.min(lease.endsAtMs, this.sessions.get(lease.sessionId) ?? 0);
  }

  #noteLease(answer: Body, sessionId: string | null): void {
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

  #noteSession(answer: Body): void {
    this.sessions.set(String(answer['session_id']), Date.parse(String(answer['expires_at'])));
    this.sessionsOpened += 1;
  }

  #noteKeepalive(pathname: string, answer: Body): void {
    const id = pathname.split('/').at(-2)?.toLowerCase() ?? '';
    this.sessions.set(id, Date.parse(String(answer['expires_at'])));
  }

  #noteWebhook(answer: Body): void {
    this.webhooks.add(String(answer['id']));
    this.webhooksMade += 1;
  }

  /** The end of a session takes its leases along. */
  #noteDeletion(id: string): void {
    this.webhooks.delete(id);
    this.sessions.delete(id);
    for (const [name, { sessionId }] of this.leases) if (sessionId === id) this.leases.delete(name);
  }
}

function sessionIn(body: string | Buffer): string | null {
  // Leaves a byte order mark out, as the server does.
  const text = new TextDecoder().decode(Buffer.from(body));
  const { session_id: id } = JSON.parse(text) as { session_id?: string | null };
  return id?.toLowerCase() ?? null;
}
