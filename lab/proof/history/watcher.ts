import { frames } from '../../kit/history/event-log.js';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { pause } from '../../../src/process/time.js';
import type { BuiltServer } from '../../kit/server/built-server.js';

/** How long to wait before an unreachable server is tried again. */
const RETRY_MS = 20;

/** Reads the events of all locks from a watch stream. It resumes the stream whenever the server is back. */
export class Watcher {
  readonly #received: LoggedEvent[] = [];
  #lastId = '0';
  #resets = 0;

  get count(): number {
    return this.#received.length;
  }

  /** Reads until the signal aborts and the stream has ended. */
  async watch(server: BuiltServer, token: string, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#read(server.url, token);
      } catch {
        // The server was killed. The next stream must contain whatever was missed.
      }
      await pause(RETRY_MS);
    }
  }

  hasAll(events: readonly LoggedEvent[]): boolean {
    return Number(this.#lastId) >= (events.at(-1)?.sequence ?? 0);
  }

  /**
   * Checks that the stream contained each event once, in order, and nothing else. Returns a sentence on the first violation.
   *
   * @param upTo how many received events to check: those received before `logged` was read.
   */
  violations(logged: readonly LoggedEvent[], upTo: number): string[] {
    if (this.#resets > 0) return [`a watch stream could not be resumed after event ${this.#lastId}`];
    for (const [index, event] of this.#received.slice(0, upTo).entries()) {
      const [received, expected] = [event, logged[index]].map((one) => JSON.stringify(one));
      if (received !== expected) return [`a watch stream sent ${received} where the log has ${expected}`];
    }
    return [];
  }

  async #read(url: string, token: string): Promise<void> {
    for await (const { event, id, data } of frames(url, token, this.#lastId)) {
      if (event === 'reset') this.#resets += 1;
      // After a reset, the stream sends the current state, which is not an event.
      if (this.#resets > 0) continue;
      this.#received.push({ ...(JSON.parse(data) as LoggedEvent), event });
      this.#lastId = id;
    }
  }
}
