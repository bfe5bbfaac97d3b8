import { Connection, NoAnswer } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { BackgroundWork } from '../background-work.js';
import { ClaimBroken } from '../proof.js';
import { TOKEN, type BuiltServer } from '../../kit/server/built-server.js';
import { misbehave } from './bad-clients.js';
import * as actions from './actions.js';

/** Something that clients do again and again. */
interface Activity {
  readonly run: (context: actions.ActionContext) => Promise<void>;
  readonly clients: number;
  /** The average pause between two runs. */
  readonly pauseMs: number;
  readonly token?: string;
}

/** The token of a separate user, so that its short-lived webhooks do not mix with the permanent one. */
export const WEBHOOK_OWNER_TOKEN = 'token-of-the-webhook-owner';

const ACTIVITIES: readonly Activity[] = [
  { run: actions.useNewLock, clients: 8, pauseMs: 50 },
  { run: actions.useSession, clients: 6, pauseMs: 200 },
  { run: actions.readState, clients: 2, pauseMs: 100 },
  { run: actions.scrape, clients: 1, pauseMs: 1000 },
  { run: actions.leaveLine, clients: 8, pauseMs: 50 },
  { run: actions.watch, clients: 10, pauseMs: 50 },
  { run: actions.useWebhook, clients: 1, pauseMs: 200, token: WEBHOOK_OWNER_TOKEN },
  { run: ({ server, random }) => misbehave(server.address, random), clients: 8, pauseMs: 50 },
];

/** All kinds of clients, good and bad, at a steady pace until the work stops. */
export class Traffic {
  readonly #server: BuiltServer;
  readonly #receiver: string;
  actions = 0;
  interrupted = 0;

  /** @param receiver the URL of a webhook receiver. */
  constructor(server: BuiltServer, receiver: string) {
    this.#server = server;
    this.#receiver = receiver;
  }

  start(work: BackgroundWork, random: Random): void {
    for (const activity of ACTIVITIES) {
      for (let client = 0; client < activity.clients; client += 1) {
        this.#repeat(work, activity, random.split());
      }
    }
  }

  #repeat(work: BackgroundWork, { run, pauseMs, token = TOKEN }: Activity, random: Random): void {
    const connection = new Connection(() => this.#server.address, token);
    const context = { server: this.#server, connection, random, receiver: this.#receiver };
    work.repeat(connection, async () => {
      await run(context).then(
        () => (this.actions += 1),
        (error: unknown) => this.#interrupted(error),
      );
      await pause(random.between(0, 2 * pauseMs));
    });
  }

  /** Counts errors that a killed, stopped or frozen server explains. Throws any other. */
  #interrupted(error: unknown): void {
    if (!isInterruption(error)) throw error;
    this.interrupted += 1;
  }
}

function isInterruption(error: unknown): boolean {
  if (error instanceof ClaimBroken) return false;
  return (
    error instanceof NoAnswer ||
    error instanceof actions.Refused ||
    (error instanceof Error && 'code' in error)
  );
}
