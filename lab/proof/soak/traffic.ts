import { Connection, NoAnswer } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { BackgroundWork } from '../background-work.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN, type BuiltServer } from '../../kit/server/built-server.js';
import { misbehave } from './bad-clients.js';
import * as visits from './visits.js';

/** Somebody who comes again and again. */
interface Habit {
  readonly visit: (place: visits.Place) => Promise<void>;
  readonly visitors: number;
  /** Between two visits, on average. */
  readonly pauseMs: number;
  readonly token?: string;
}

/** A user of its own, so that its webhooks can be told from those that stay. */
export const WEBHOOK_OWNER_TOKEN = 'token-of-the-webhook-owner';

const HABITS: readonly Habit[] = [
  { visit: visits.takeNewLock, visitors: 8, pauseMs: 50 },
  { visit: visits.liveASession, visitors: 6, pauseMs: 200 },
  { visit: visits.lookAround, visitors: 2, pauseMs: 100 },
  { visit: visits.scrape, visitors: 1, pauseMs: 1000 },
  { visit: visits.leaveAQueue, visitors: 8, pauseMs: 50 },
  { visit: visits.watch, visitors: 10, pauseMs: 50 },
  { visit: visits.ownAWebhook, visitors: 1, pauseMs: 200, token: WEBHOOK_OWNER_TOKEN },
  { visit: ({ server, random }) => misbehave(server.address, random), visitors: 8, pauseMs: 50 },
];

/** All kinds of clients, good and bad, at the same steady pace for as long as the work lasts. */
export class Traffic {
  readonly #server: BuiltServer;
  readonly #receiver: string;
  visits = 0;
  interrupted = 0;

  /** @param receiver URL of a receiver of webhooks. */
  constructor(server: BuiltServer, receiver: string) {
    this.#server = server;
    this.#receiver = receiver;
  }

  start(work: BackgroundWork, random: Random): void {
    for (const habit of HABITS) {
      for (let visitor = 0; visitor < habit.visitors; visitor += 1) {
        this.#comeAgain(work, habit, random.split());
      }
    }
  }

  #comeAgain(work: BackgroundWork, { visit, pauseMs, token = TOKEN }: Habit, random: Random): void {
    const connection = new Connection(() => this.#server.address, token);
    const place = { server: this.#server, connection, random, receiver: this.#receiver };
    work.repeat(connection, async () => {
      await visit(place).then(
        () => (this.visits += 1),
        (error: unknown) => this.#interrupted(error),
      );
      await pause(random.between(0, 2 * pauseMs));
    });
  }

  /** Servers that are killed, stopped or frozen break off what is under way. */
  #interrupted(error: unknown): void {
    if (!isBrokenOff(error)) throw error;
    this.interrupted += 1;
  }
}

function isBrokenOff(error: unknown): boolean {
  if (error instanceof ClaimBroken) return false;
  return (
    error instanceof NoAnswer ||
    error instanceof visits.Refused ||
    (error instanceof Error && 'code' in error)
  );
}
