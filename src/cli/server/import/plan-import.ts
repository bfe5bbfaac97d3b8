import { isLockPattern } from '../../../access/patterns/lock-pattern.js';
import type { StaticTokens } from '../../../auth/tokens/static-tokens.js';
import { hashOfPresented, hashToken, TOKEN_LENGTH_MAX } from '../../../auth/tokens/token-format.js';
import { LAST_NUMBER } from '../../../core/model/limits.js';
import { isEventFilter, USUAL_EVENTS } from '../../../events/event-types.js';
import { UnusableFileError } from '../../../installation/unusable-file-error.js';
import type { TokenRow } from '../../../journal/rows/token-row.js';
import type { UserRow } from '../../../journal/rows/user-row.js';
import type { WebhookRow } from '../../../journal/rows/webhook-row.js';
import { NUMBERS_SKIPPED_MIN } from '../../../journal/skipped-numbers.js';
import type { Upstream, UpstreamUser, UpstreamWebhook } from './upstream.js';

/** A webhook before its secret is encrypted. */
export interface PlannedWebhook {
  readonly row: Omit<WebhookRow, 'sealedSecret'>;
  readonly secret: string | null;
}

/** What an import writes, and what it leaves out. */
export interface Plan {
  readonly users: readonly UserRow[];
  readonly tokens: readonly TokenRow[];
  readonly webhooks: readonly PlannedWebhook[];
  /** Fencing tokens continue above this. */
  readonly floor: number;
  /** What is left out, and why: one sentence each. */
  readonly left: readonly string[];
}

export interface PlanOptions {
  readonly staticTokens: Pick<StaticTokens, 'names'>;
  /** Why a webhook may not be sent to a URL. Null if it may. */
  readonly problemWithUrl: (url: string) => string | null;
}

/** The upstream server stored its administrator as a user with this id. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** As HTTP sends a token. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** Decides what becomes of everything that an upstream server stored. Throws `UnusableFileError` if the numbers cannot go on. */
export function planImport(upstream: Upstream, options: PlanOptions): Plan {
  const left: string[] = [];
  const people = upstream.users.filter(({ id }) => id !== NIL);
  const users = people.map((user) => userRow(user, options));
  const tokens = people.flatMap((user, at) => tokenRow(user, users[at]?.provider, left));
  const webhooks = upstream.webhooks.flatMap((webhook) =>
    planWebhook(webhook, { users, tokens, options, left }),
  );
  return { users, tokens, webhooks, floor: floorOf(upstream), left: [...left, ...endingOf(upstream)] };
}

function userRow(user: UpstreamUser, { staticTokens }: PlanOptions): UserRow {
  const { id, github_id, github_username: login, created_at } = user;
  const account = { userId: id, login, avatarUrl: null, createdAt: created_at };
  if (github_id >= 0) return { ...account, provider: 'github', subject: String(github_id) };
  const isStatic = user.identity_source === 'static' || staticTokens.names.has(login);
  return { ...account, provider: isStatic ? 'static' : 'local', subject: login };
}

function tokenRow(user: UpstreamUser, provider: UserRow['provider'] | undefined, left: string[]): TokenRow[] {
  const { id, token, created_at, github_username: login } = user;
  const why = whyNotKept(token, provider);
  if (why !== null) {
    left.push(`The token of ${login}: ${why}`);
    return [];
  }
  return [
    {
      tokenHash: hashToken(token),
      userId: id,
      createdAt: created_at,
      tokenId: null,
      label: null,
      revokedAt: null,
      descendsFrom: null,
      expiresAt: null,
      lastUsedAt: null,
      scopes: null,
      exchanged: 0,
      kind: null,
      userAgent: null,
      address: null,
      openedWith: null,
    },
  ];
}

function whyNotKept(token: string, provider: UserRow['provider'] | undefined): string | null {
  if (provider === 'static') return 'it comes from STATIC_TOKENS. Keep that setting.';
  if (token.length > TOKEN_LENGTH_MAX || !SENDABLE.test(token))
    return 'it cannot be sent as a bearer token here. Create another one with "octostore token create".';
  if (hashOfPresented(token) === null)
    return 'it begins as tokens of this server do, without their checksum. Create another one with "octostore token create".';
  return null;
}

interface Kept {
  readonly users: readonly UserRow[];
  readonly tokens: readonly TokenRow[];
  readonly options: PlanOptions;
  readonly left: string[];
}

function planWebhook(webhook: UpstreamWebhook, { users, tokens, options, left }: Kept): PlannedWebhook[] {
  const { id: webhookId, user_id: userId, url, created_at: createdAt, secret } = webhook;
  const lockPattern = webhook.lock_pattern ?? null;
  const owner = users.find((user) => user.userId === userId);
  const events = eventsIn(webhook.events);
  const why =
    webhook.active === 0
      ? 'it was not active.'
      : owner === undefined
        ? 'its owner does not exist.'
        : events === null
          ? 'its event types are not known here.'
          : lockPattern !== null && !isLockPattern(lockPattern)
            ? 'its lock pattern is not valid here.'
            : options.problemWithUrl(url);
  if (why !== null || events === null) {
    left.push(`The webhook ${webhookId} of ${owner?.login ?? userId}: ${why ?? ''}`);
    return [];
  }
  const hasToken = owner?.provider === 'static' || tokens.some((token) => token.userId === userId);
  return [
    {
      secret: secret ?? null,
      row: {
        webhookId,
        userId,
        url,
        events: JSON.stringify(events),
        lockPattern,
        startsAfter: 0,
        disabledReason: null,
        suspendedBy: hasToken ? null : 'no_valid_token',
        ordering: 'in_order',
        failingSince: null,
        createdAt,
        deletedAt: null,
        madeWith: null,
      },
    },
  ];
}

/** The upstream server read a list that it could not parse as all events. Null if there is a type that this server does not know. */
function eventsIn(text: string): readonly string[] | null {
  const events = parsed(text);
  if (!Array.isArray(events)) return [USUAL_EVENTS];
  return events.length > 0 && events.every(isEventFilter) ? [...new Set(events)] : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The upstream server did not write its counter with each grant, so it may have issued more tokens than its file knows. */
function floorOf({ highestToken }: Upstream): number {
  const floor = highestToken + NUMBERS_SKIPPED_MIN;
  if (floor < LAST_NUMBER / 2) return floor;
  throw new UnusableFileError(
    `The highest fencing token is ${highestToken}, so there would be too few left. Use a new database and other fences instead of an import.`,
  );
}

function endingOf({ ending: { locks, sessions }, unknown, users }: Upstream): string[] {
  const named = users.filter(({ namespace }) => typeof namespace === 'string' && namespace !== '').length;
  const tables = [...unknown].filter(([, rows]) => rows > 0);
  return [
    ...(locks === 0 ? [] : [`${counted(locks, 'lock')}: a lock ends with its server. Acquire it again.`]),
    ...(sessions === 0 ? [] : [`${counted(sessions, 'session')}: a session ends with its server.`]),
    ...(named === 0
      ? []
      : [`The namespaces of ${counted(named, 'user')}: use a policy instead. See docs/access.md.`]),
    ...tables.map(([table, rows]) => `${counted(rows, 'row')} of the table "${table}": not known here.`),
  ];
}

/** Such as `1 row` or `2 rows`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
