import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { AuditAction } from '../../audit/audit-action.js';
import type { AuditTrail } from '../../audit/audit-trail.js';
import { SERVER_ORIGIN } from '../../audit/origin.js';
import type { Clock } from '../../clock/clock.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { MembershipRow } from '../../journal/rows/membership-row.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { LockStore } from '../../store/lock-store.js';
import type { Accounts } from '../accounts.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import { openCredential, sealCredential } from './credential.js';
import type { MembershipAnswer, MembershipSource } from './membership-source.js';

/** How many accounts are asked about in one run. */
const ASKED_PER_RUN = 50;

/** How long a provider that seems to be down is left alone. */
const PAUSE_MS = 300_000;

/** After how many accounts in a row without a usable answer a provider seems to be down. */
const UNANSWERED_MAX = 3;

/** How many times per interval an account is asked about that the provider gives no usable answer for. */
const TRIES_PER_INTERVAL = 12;

/** How often the interval passes without an answer before the groups are taken away. */
const INTERVALS_OF_GRACE = 3;

/** Each account is asked about up to a quarter of the interval early, so that they do not all come at once. */
const SPREAD = 0.25;

interface Parts {
  readonly accounts: Accounts;
  readonly store: LockStore;
  readonly clock: Clock;
  readonly secretBox: SecretBox;
  readonly trail: AuditTrail;
  readonly sources: readonly MembershipSource[];
  readonly intervalMs: number;
}

/** Asks the providers again, from time to time, which groups accounts belong to. */
export class MembershipRechecks {
  readonly #logger = new Logger('Memberships');
  readonly #parts: Parts;
  /** Until when each provider is left alone. */
  readonly #pausedUntil = new Map<UserRow['provider'], number>();
  /** How many accounts in a row each provider has given no usable answer for. */
  readonly #unanswered = new Map<UserRow['provider'], number>();
  /** When to ask again about accounts without a usable answer, so that they do not keep the others from being asked about. */
  readonly #retryAt = new Map<string, number>();
  /** For each provider that is asked for groups by name: the names, and since when they are all asked for. */
  readonly #asked = new Map<UserRow['provider'], { names: ReadonlySet<string>; sinceMs: number }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { accounts, clock } = this.#parts;
    this.#noticeNewNames();
    let asked = 0;
    for (const row of accounts.memberships.all()) {
      const user = accounts.user(row.userId);
      if (user === null) continue;
      if (this.#mayAsk(row, user)) {
        // Nothing is taken away before it was asked for, for example after the server was stopped for days.
        if (asked === ASKED_PER_RUN) continue;
        asked += 1;
        await this.#ask(row, user);
      }
      if (accounts.memberships.isCurrent(row) && this.#isOverdue(row, clock.wallMs()))
        await this.#end(row, user);
    }
  }

  #mayAsk(row: MembershipRow, { provider, userId }: Readonly<UserRow>): boolean {
    const nowMs = this.#parts.clock.wallMs();
    const waitUntil = Math.max(this.#pausedUntil.get(provider) ?? 0, this.#retryAt.get(userId) ?? 0);
    if (row.credential === null || nowMs < waitUntil) return false;
    const early = this.#parts.intervalMs * SPREAD * fractionOf(userId);
    const namedSince = this.#asked.get(provider)?.sinceMs ?? 0;
    return row.checkedAt < namedSince || row.checkedAt + this.#parts.intervalMs - early <= nowMs;
  }

  async #ask(row: MembershipRow, user: Readonly<UserRow>): Promise<void> {
    const { accounts, secretBox, sources, store } = this.#parts;
    const source = sources.find(({ provider }) => provider === user.provider);
    const credential = openCredential(secretBox, user.subject, row.credential ?? '');
    if (source === undefined || credential === null) return;
    const answer = await source.ask(user, credential);
    this.#remember(user, answer);
    // The user may have signed in meanwhile.
    if (!accounts.memberships.isCurrent(row)) return;
    const rows = new RowChanges();
    this.#decide(row, user, answer, rows);
    if (rows.of('memberships').put.length > 0) await store.write(rows);
  }

  #decide(row: MembershipRow, user: Readonly<UserRow>, answer: MembershipAnswer, rows: RowChanges): void {
    const { accounts, secretBox } = this.#parts;
    const who = { login: user.login, provider: user.provider, userId: user.userId };
    switch (answer.kind) {
      case 'confirmed': {
        const credential = sealCredential(secretBox, user.subject, answer.credential);
        accounts.memberships.confirm(accounts.idOf(user), { ...answer, credential }, rows);
        if (!isSame(row, answer.groups)) this.#record('membership.change', user, answer.groups, rows);
        return;
      }
      case 'excluded':
        this.#logger.warn({ message: 'An account may no longer sign in, so its tokens do not work', ...who });
        accounts.memberships.exclude(row, rows);
        this.#record('membership.end', user, [], rows);
        return;
      case 'revoked':
        this.#logger.warn({
          message: 'The provider no longer vouches for an account. Its groups are gone',
          ...who,
        });
        accounts.memberships.end(row, 'revoked', rows);
        this.#record('membership.end', user, [], rows);
        return;
      case 'unanswered':
    }
  }

  /** Decides when to ask again. */
  #remember({ provider, userId }: Readonly<UserRow>, answer: MembershipAnswer): void {
    if (answer.kind !== 'unanswered') {
      this.#unanswered.delete(provider);
      this.#retryAt.delete(userId);
      return;
    }
    const nowMs = this.#parts.clock.wallMs();
    const unanswered = (this.#unanswered.get(provider) ?? 0) + 1;
    this.#unanswered.set(provider, unanswered);
    this.#retryAt.set(userId, nowMs + this.#parts.intervalMs / TRIES_PER_INTERVAL);
    const pauseMs = answer.retryAfterMs ?? (unanswered % UNANSWERED_MAX === 0 ? PAUSE_MS : 0);
    this.#pausedUntil.set(provider, nowMs + pauseMs);
  }

  /** Whether the groups, or the access that depends on them, have not been confirmed for too long. */
  #isOverdue({ checkedAt, groups, basis, state }: MembershipRow, nowMs: number): boolean {
    const depends = groups !== '[]' || (basis === 'group' && state === 'active');
    return depends && checkedAt + INTERVALS_OF_GRACE * this.#parts.intervalMs <= nowMs;
  }

  async #end(row: MembershipRow, user: Readonly<UserRow>): Promise<void> {
    const { login, provider, userId } = user;
    this.#logger.warn({
      message:
        'The groups of an account could not be confirmed for too long, so they are gone until it signs in again',
      login,
      provider,
      userId,
    });
    const rows = new RowChanges();
    this.#parts.accounts.memberships.end(row, 'unconfirmed', rows);
    this.#record('membership.end', user, [], rows);
    await this.#parts.store.write(rows);
  }

  #record(
    action: Extract<AuditAction, `membership.${string}`>,
    user: Readonly<UserRow>,
    groups: readonly string[],
    rows: RowChanges,
  ): void {
    const subject = { kind: 'user', id: user.userId } as const;
    const details = { user: qualifiedLogin(user), groups: [...groups] };
    this.#parts.trail.record(rows, { action, origin: SERVER_ORIGIN, subject, outcome: 'ok', details });
  }

  /** A policy may name groups that were not asked for when accounts were last asked about. */
  #noticeNewNames(): void {
    for (const source of this.#parts.sources) {
      const names = source.askedFor();
      if (names === null) continue;
      const known = this.#asked.get(source.provider);
      const isNew = known !== undefined && [...names].some((name) => !known.names.has(name));
      const sinceMs = isNew ? this.#parts.clock.wallMs() : (known?.sinceMs ?? 0);
      this.#asked.set(source.provider, { names, sinceMs });
    }
  }
}

function isSame({ groups }: MembershipRow, others: readonly string[]): boolean {
  return groups === JSON.stringify([...new Set(others)].toSorted());
}

/** A number from 0 to 1 that is always the same for an account. */
function fractionOf(userId: string): number {
  return createHash('sha256').update(userId).digest().readUInt32BE(0) / 0xffff_ffff;
}
