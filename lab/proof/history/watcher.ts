import { frames } from '../../kit/history/event-log.js';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { pause } from '../../../src/process/time.js';
import type { BuiltServer } from '../../kit/server/built-server.js';

/** How long a server is left alone that cannot be reached. */
const RETRY_MS = 20;

/** Follows all locks through a watch stream, and resumes it where it ended whenever the server is back. */
export class Watcher {
  readonly #seen: LoggedEvent[] = [];
  #lastId = '0';
  #resets = 0;

  get count(): number {
    return this.#seen.length;
  }

  /** Follows until the signal aborts and the stream has ended. */
  async follow(server: BuiltServer, token: string, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#read(server.url, token);
      } catch {
        // The server was killed; whatever was missed must come with the next stream.
      }
      await pause(RETRY_MS);
    }
  }

  hasAll(events: readonly LoggedEvent[]): boolean {
    return Number(this.#lastId) >= (events.at(-1)?.sequence ?? 0);
  }

  /**
   * It was told of each event once, in order, and of nothing else. Returns a sentence for the first violation.
   *
   * @param upTo How many events count: those that it had been told of when `happened` was read, and not what has come since.
   */
  violations(happened: readonly LoggedEvent[], upTo: number): string[] {
    if (this.#resets > 0) return [`a watch stream could not be resumed after event ${this.#lastId}`];
    for (const [index, seen] of this.#seen.slice(0, upTo).entries()) {
      const [told, logged] = [seen, happened[index]].map((event) => JSON.stringify(event));
      if (told !== logged) return [`a watch stream told ${told} and the log has ${logged} in its place`];
    }
    return [];
  }

  async #read(url: string, token: string): Promise<void> {
    for await (const { event, id, data } of frames(url, token, this.#lastId)) {
      if (event === 'reset') this.#resets += 1;
      // After a reset the present state comes, which is no event.
      if (this.#resets > 0) continue;
      this.#seen.push({ ...(JSON.parse(data) as LoggedEvent), event });
      this.#lastId = id;
    }
  }
}
