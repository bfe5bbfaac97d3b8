import { Logger } from '@nestjs/common';
import type { CancelTimer, Clock } from '../clock/clock.js';

/** What was invalid: a bearer token, the credentials for an operator route, or a token of an issuer. */
export type AuthFailureKind = 'token' | 'admin_key' | 'subject_token';

/** No failures yet. */
export const NO_FAILURES: Readonly<Record<AuthFailureKind, number>> = {
  token: 0,
  admin_key: 0,
  subject_token: 0,
};

export interface AuthFailure {
  readonly kind: AuthFailureKind;
  /** The address or network that the request came from. */
  readonly client: string;
  /** Whether the request exceeded the rate limit. */
  readonly isSlowedDown: boolean;
}

const REPORT_AFTER_MS = 60_000;

/** How many different addresses are counted in one report. */
const CLIENTS_MAX = 10_000;

/** Logs failed authentications: one line for all that happen within a minute of the first. */
export class AuthFailureReport {
  readonly #logger = new Logger(AuthFailureReport.name);
  readonly #clock: Clock;
  readonly #clients = new Map<string, number>();
  #counts = { ...NO_FAILURES, slowedDown: 0 };
  #cancelTimer: CancelTimer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ kind, client, isSlowedDown }: AuthFailure): void {
    this.#cancelTimer ??= this.#clock.after(REPORT_AFTER_MS, () => this.report());
    this.#counts[kind] += 1;
    if (isSlowedDown) this.#counts.slowedDown += 1;
    const count = this.#clients.get(client);
    if (count !== undefined || this.#clients.size < CLIENTS_MAX) this.#clients.set(client, (count ?? 0) + 1);
  }

  /** Writes the line now, if there is anything to report. */
  report(): void {
    if (this.#cancelTimer === null) return;
    this.#cancelTimer();
    this.#cancelTimer = null;
    const { token, admin_key: adminKey, subject_token: inExchanges, slowedDown } = this.#counts;
    this.#logger.warn({
      message: 'Refused requests with an invalid token or key',
      // The logger removes fields named `token`.
      failures: token + adminKey + inExchanges,
      withAdminKey: adminKey,
      inExchanges,
      slowedDown,
      addresses: this.#clients.size,
      mostFrom: this.#busiest(),
    });
    this.#clients.clear();
    this.#counts = { ...NO_FAILURES, slowedDown: 0 };
  }

  #busiest(): string {
    let [busiest, most] = ['', 0];
    for (const [client, count] of this.#clients) if (count > most) [busiest, most] = [client, count];
    return busiest;
  }
}
