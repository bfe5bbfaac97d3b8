import type { Answer, Request } from './notes.js';

type SessionRequest = Extract<Request, { sessionId: unknown }>;

/** What has been promised about one session, and its requests without an answer. */
export class SessionPromise {
  readonly #open = new Map<number, SessionRequest>();
  /** Null while its opening has not been answered. */
  #deadline: number | null = null;
  #isClosed = false;

  requested(id: number, request: SessionRequest): void {
    this.#open.set(id, request);
  }

  answered(id: number, answer: Answer): void {
    this.#open.delete(id);
    if (answer.kind === 'alive') this.#deadline = answer.deadline;
    if (answer.kind === 'ended') this.#isClosed = true;
  }

  /** @param found the deadline of the session that is there; null if there is none. */
  problemWith(found: number | null): string | null {
    if (this.#isClosed) return found === null ? null : 'a closed session is back';
    if (this.#deadline === null) return null;
    if (found === null) return this.#isOpen('close_session') ? null : 'a session is lost';
    if (found < this.#deadline) return 'a keepalive is lost';
    return found === this.#deadline || this.#isOpen('keep_session_alive')
      ? null
      : 'a keepalive that no one requested';
  }

  #isOpen(kind: SessionRequest['kind']): boolean {
    return [...this.#open.values()].some((request) => request.kind === kind);
  }
}
