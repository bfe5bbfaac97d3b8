import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../clock/clock.js';

/** What was not valid: a bearer token, or what was sent to a route for operators. */
export type AuthFailureKind = 'token' | 'admin_key';

export interface AuthFailure {
  readonly kind: AuthFailureKind;
  /** The address, or the network, that it came from. */
  readonly client: string;
  /** Whether it was one too many. */
  readonly isSlowedDown: boolean;
}

const TELL_AFTER_MS = 60_000;

/** Addresses that are told apart in a minute. */
const CLIENTS_MAX = 10_000;

/** Tells the log of failed authentications: one line for all that came within a minute of the first. */
export class AuthFailureReport {
  readonly #logger = new Logger(AuthFailureReport.name);
  readonly #clock: Clock;
  readonly #clients = new Map<string, number>();
  #counts = { token: 0, admin_key: 0, slowedDown: 0 };
  #cancelTimer: CancelTimer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ kind, client, isSlowedDown }: AuthFailure): void {
    this.#cancelTimer ??= this.#clock.after(TELL_AFTER_MS, () => this.tell());
    this.#counts[kind] += 1;
    if (isSlowedDown) this.#counts.slowedDown += 1;
    const count = this.#clients.get(client);
    if (count !== undefined || this.#clients.size < CLIENTS_MAX) this.#clients.set(client, (count ?? 0) + 1);
  }

  /** Writes the line now, if there is anything to tell. */
  tell(): void {
    if (this.#cancelTimer === null) return;
    this.#cancelTimer();
    this.#cancelTimer = null;
    const { token, admin_key: adminKey, slowedDown } = this.#counts;
    this.#logger.warn({
      message: 'Refused requests whose token or key is not valid',
      // The logger removes a field that is called `token`.
      failures: token + adminKey,
      withAdminKey: adminKey,
      slowedDown,
      addresses: this.#clients.size,
      mostFrom: this.#busiest(),
    });
    this.#clients.clear();
    this.#counts = { token: 0, admin_key: 0, slowedDown: 0 };
  }

  #busiest(): string {
    let [busiest, most] = ['', 0];
    for (const [client, count] of this.#clients) if (count > most) [busiest, most] = [client, count];
    return busiest;
  }
}
