import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import type { RowChanges } from '../../journal/row-changes.js';
import type { MembershipRow } from '../../journal/rows/membership-row.js';
import { DurableMap } from '../../store/durable-map.js';
import type { LockStore } from '../../store/lock-store.js';
import type { Tokens } from '../tokens/tokens.js';

/** What a provider has confirmed about an account. */
export interface Confirmed {
  /** Policy subjects in full, such as `org:acme`. */
  readonly groups: readonly string[];
  readonly basis: MembershipRow['basis'];
  /** What the provider can be asked with again, encrypted. Null if it cannot. */
  readonly credential: string | null;
}

/** Of a provider that knows no groups. */
export const NOTHING_CONFIRMED: Confirmed = { groups: [], basis: 'any', credential: null };

/** Why what was known about an account no longer counts. */
export type Ending =
  /** The provider has said so, so it need not be asked again. */
  | 'revoked'
  /** It could not be asked for too long. */
  | 'unconfirmed';

/** Called before the groups of an account change. Returns what to call after that. */
type RegroupListener = (userId: UserId) => () => void;

interface Parts {
  readonly tokens: Pick<Tokens, 'suspend' | 'resume'>;
  readonly clock: Clock;
  readonly store: Pick<LockStore, 'counts'>;
}

const NO_GROUPS: readonly string[] = [];

/** Which groups accounts belong to, as far as their providers have confirmed it lately. A change takes effect when it is durable. */
export class Memberships {
  readonly #parts: Parts;
  readonly #rows = new DurableMap<UserId, MembershipRow>({
    put: (rows, row) => rows.put('memberships', row),
    remove: (rows, { userId }) => rows.remove('memberships', userId),
  });
  /** The groups of the durable rows. */
  readonly #groups = new Map<UserId, readonly string[]>();
  #listener: RegroupListener = () => () => undefined;

  constructor(rows: readonly MembershipRow[], parts: Parts) {
    this.#parts = parts;
    for (const row of rows) {
      this.#rows.load(row.userId as UserId, row);
      this.#enforce(row);
    }
  }

  /** What is known, whether or not it is durable. */
  all(): MembershipRow[] {
    return [...this.#rows.ahead.values()];
  }

  groupsOf(userId: UserId): readonly string[] {
    return this.#groups.get(userId) ?? NO_GROUPS;
  }

  /** The sequence of the last event before the groups of an account last changed. Null if they never did. */
  changedAfter(userId: UserId): number | null {
    return this.#rows.durable.get(userId)?.afterSequence ?? null;
  }

  onRegroup(listener: RegroupListener): void {
    this.#listener = listener;
  }

  /** Whether this is still what is known about its account. */
  isCurrent(row: MembershipRow): boolean {
    return this.#rows.ahead.get(row.userId as UserId) === row;
  }

  /** Records what the provider has confirmed just now. If the tokens of the account did not work, they do again. */
  confirm(userId: UserId, { groups, basis, credential }: Confirmed, rows: RowChanges): void {
    const isNothing = groups.length === 0 && credential === null && basis === 'any';
    if (isNothing && !this.#rows.ahead.has(userId)) return;
    const checkedAt = this.#parts.clock.wallMs();
    const listed = JSON.stringify([...new Set(groups)].toSorted());
    this.#set({ userId, groups: listed, basis, state: 'active', credential, checkedAt }, rows);
  }

  /** Takes the groups from an account. If it may only sign in because of them, its tokens stop working. */
  end(row: MembershipRow, ending: Ending, rows: RowChanges): void {
    const state = row.basis === 'group' ? 'ended' : row.state;
    const credential = ending === 'revoked' ? null : row.credential;
    this.#set({ ...row, groups: '[]', state, credential }, rows);
  }

  /** Ends the access of an account that may not sign in any longer. */
  exclude(row: MembershipRow, rows: RowChanges): void {
    this.#set({ ...row, groups: '[]', state: 'ended', credential: null }, rows);
  }

  #set(row: Omit<MembershipRow, 'afterSequence'>, rows: RowChanges): void {
    const userId = row.userId as UserId;
    const before = this.#rows.ahead.get(userId);
    const isRegrouped = (before?.groups ?? '[]') !== row.groups;
    const afterSequence =
      before !== undefined && !isRegrouped ? before.afterSequence : this.#parts.store.counts.lastSequence;
    const next = { ...row, afterSequence };
    let finish: ReturnType<RegroupListener> | null = null;
    if (isRegrouped) rows.onDurable(() => (finish = this.#listener(userId)));
    this.#rows.set(userId, next, rows);
    rows.onDurable(() => {
      this.#enforce(next);
      finish?.();
    });
  }

  #enforce({ userId, groups, state }: MembershipRow): void {
    this.#groups.set(userId as UserId, JSON.parse(groups) as string[]);
    if (state === 'ended') this.#parts.tokens.suspend(userId as UserId);
    else this.#parts.tokens.resume(userId as UserId);
  }
}
