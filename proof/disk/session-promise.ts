import type { Answer, Request } from './notes.js';

type SessionRequest = Extract<Request, { sessionId: unknown }>;

/** What has been promised about one session. Its client asks one thing at a time. */
export class SessionPromise {
  #open: SessionRequest | null = null;
  /** Null while its opening has not been answered. */
  #deadline: number | null = null;
  #isClosed = false;

  asked(request: SessionRequest): void {
    this.#open = request;
  }

  answered(answer: Answer): void {
    this.#open = null;
    if (answer.kind === 'alive') this.#deadline = answer.deadline;
    if (answer.kind === 'ended') this.#isClosed = true;
  }

  /** @param found the deadline of the session that is there; null if there is none. */
  problemWith(found: number | null): string | null {
    if (this.#isClosed) return found === null ? null : 'a closed session is back';
    if (this.#deadline === null) return null;
    if (found === null) return this.#open?.kind === 'close_session' ? null : 'a session is lost';
    if (found < this.#deadline) return 'a keepalive is lost';
    const mayBeLater = this.#open?.kind === 'keep_session_alive';
    return found === this.#deadline || mayBeLater ? null : 'a keepalive that nobody asked for';
  }
}
