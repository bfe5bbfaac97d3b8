import { Scopes } from '../access/scope/scopes.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { SERVER_ORIGIN } from '../audit/origin.js';
import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { UserId } from '../core/model/ids.js';
import type { Journal } from '../journal/journal.js';
import { RowChanges } from '../journal/row-changes.js';
import type { TokenRow } from '../journal/rows/token-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import { Memberships } from './memberships/memberships.js';
import { NamedAccounts, type NamedIn } from './named-accounts.js';
import { ServiceAccounts } from './services/service-accounts.js';
import { tokenRecorder } from './token-audit.js';
import type { StaticTokens } from './tokens/static-tokens.js';
import { configuredToken, tokenOf } from './tokens/token-rows.js';
import { withdrawnTokens } from './tokens/token-roots.js';
import { logEnded, logUnknownRoots } from './tokens/token-roots-log.js';
import { Tokens } from './tokens/tokens.js';
import { UserDirectory, type Identity } from './user-directory.js';

type AccountsConfig = Pick<Config, 'BROWSER_SESSION_IDLE_MINUTES' | 'BROWSER_SESSION_HOURS'> & NamedIn;

/** What is needed to load the accounts. */
export interface AccountsSource {
  readonly journal: Journal;
  readonly store: LockStore;
  readonly clock: Clock;
  readonly config: AccountsConfig;
  /** The tokens that the configuration has. */
  readonly staticTokens: StaticTokens;
}

/** The accounts in memory, and the parts that check their tokens. */
export interface LoadedAccounts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly tokens: Tokens;
  readonly staticTokens: StaticTokens;
  readonly named: NamedAccounts;
  readonly memberships: Memberships;
  readonly scopes: Scopes;
  readonly services: ServiceAccounts;
  /** After how long a browser session ends, however much it is used. */
  readonly sessionLifeMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Loads the accounts, and creates those that the configuration adds. */
export async function loadAccounts({
  journal,
  store,
  clock,
  config,
  staticTokens,
}: AccountsSource): Promise<LoadedAccounts> {
  const users = new UserDirectory(await journal.load('users'));
  const named = new NamedAccounts(config, await journal.load('login_pins'));
  const sessionIdleMs = config.BROWSER_SESSION_IDLE_MINUTES * MINUTE_MS;
  const tokens = new Tokens({ store, clock, configured: staticTokens, sessionIdleMs });
  const sessionLifeMs = config.BROWSER_SESSION_HOURS * HOUR_MS;
  const memberships = new Memberships(await journal.load('memberships'), { tokens, clock, store });
  const services = new ServiceAccounts(await journal.load('service_accounts'));
  const accounts = {
    store,
    clock,
    users,
    tokens,
    staticTokens,
    named,
    memberships,
    services,
    sessionLifeMs,
    scopes: new Scopes(),
  };
  await addStaticUsers(accounts);
  const rows = await journal.load('tokens');
  addTokens(accounts, rows);
  await forgetProvisional(accounts, rows);
  return accounts;
}

/** Permanently ends the tokens that descend from tokens no longer in the configuration, and pins the logins that are new in it. */
export async function applyConfig(accounts: LoadedAccounts, journal: Journal): Promise<void> {
  const rows = await journal.load('tokens');
  await endForGood(accounts, withdrawnTokens(rows, accounts.staticTokens, staticNames(accounts)));
  await removeTokens(accounts.store, rows.filter(isOrphanIn(accounts.tokens)));
  await pinKnownLogins(accounts);
}

/** Whether tokens of this account can be used. They cannot if it is a static user that has left the configuration. */
export function mayUseTokens({ provider, subject }: Readonly<UserRow>, staticTokens: StaticTokens): boolean {
  return provider !== 'static' || staticTokens.names.has(subject);
}

async function addStaticUsers({ store, clock, users, staticTokens }: LoadedAccounts): Promise<void> {
  const missing = [...staticTokens.names].filter((name) => users.find('static', name) === null);
  if (missing.length === 0) return;
  const rows = new RowChanges();
  for (const name of missing) users.decide(staticIdentity(name), clock.wallMs(), rows);
  await store.write(rows);
}

function addTokens(accounts: LoadedAccounts, rows: readonly TokenRow[]): void {
  const { users, tokens, staticTokens, scopes } = accounts;
  const unusable = new Set(withdrawnTokens(rows, staticTokens, staticNames(accounts)));
  const revoked = new Set<string>();
  const sessions: TokenRow[] = [];
  for (const row of rows.toSorted((a, b) => a.createdAt - b.createdAt)) {
    const user = users.user(row.userId as UserId);
    if (row.revokedAt !== null) revoked.add(row.tokenHash);
    else if (user === null || !mayUseTokens(user, staticTokens) || unusable.has(row)) continue;
    else if (row.openedWith === null) tokens.add(tokenOf(row, scopes));
    else sessions.push(row);
  }
  for (const [tokenHash, name] of staticTokens.entries()) {
    const user = users.find('static', name);
    if (user === null || revoked.has(tokenHash)) continue;
    tokens.add(configuredToken(tokenHash, user.userId as UserId));
  }
  const isOrphan = isOrphanIn(tokens);
  for (const row of sessions) if (!isOrphan(row)) tokens.add(tokenOf(row, scopes));
}

/** Browser sessions end with the token that they were opened with, even if a server that knows nothing of them has ended it. */
function isOrphanIn(tokens: Tokens): (row: TokenRow) => boolean {
  const ids = new Set<string>(
    tokens.all().flatMap(({ tokenId, browser }) => (browser === null ? [tokenId] : [])),
  );
  return ({ openedWith }) => openedWith !== null && !ids.has(openedWith);
}

/** Removes tokens without an account. A provisional account that was not kept leaves such tokens behind. */
async function forgetProvisional({ store, users }: LoadedAccounts, rows: readonly TokenRow[]): Promise<void> {
  const orphans = rows.filter(({ userId }) => users.user(userId as UserId) === null);
  await removeTokens(store, orphans);
}

async function endForGood(accounts: LoadedAccounts, rows: readonly TokenRow[]): Promise<void> {
  const loginOf = (userId: string): string => accounts.users.loginOf(userId);
  logUnknownRoots(accounts.tokens.all(), loginOf);
  if (rows.length === 0) return;
  await removeTokens(accounts.store, rows, recordWithdrawn(accounts, rows));
  logEnded(rows, loginOf);
}

/** A login that is new in the configuration may belong to an account that already exists. */
async function pinKnownLogins({ store, clock, users, named }: LoadedAccounts): Promise<void> {
  const nowMs = clock.wallMs();
  const rows = new RowChanges();
  const pins = [...users.all()].flatMap((user) => named.pin(user, nowMs, rows));
  if (pins.length === 0) return;
  await store.write(rows);
  named.logPins(pins);
}

/** What the audit records of tokens that the configuration ends. */
function recordWithdrawn({ clock, users, scopes }: LoadedAccounts, rows: readonly TokenRow[]): RowChanges {
  const changes = new RowChanges();
  const trail = new AuditTrail(clock);
  for (const row of rows) {
    const token = tokenOf(row, scopes);
    const act = { action: 'token.revoke', origin: SERVER_ORIGIN, user: users.user(token.userId) } as const;
    tokenRecorder(trail, { ...act, details: { reason: 'not_configured' } })(token, changes);
  }
  return changes;
}

/** @param changes other changes to write in the same commit. */
async function removeTokens(
  store: LockStore,
  rows: readonly TokenRow[],
  changes = new RowChanges(),
): Promise<void> {
  if (rows.length === 0) return;
  for (const { tokenHash } of rows) changes.remove('tokens', tokenHash);
  await store.write(changes);
}

function staticNames({ users }: LoadedAccounts): (userId: string) => string | null {
  return (userId) => {
    const user = users.user(userId as UserId);
    return user?.provider === 'static' ? user.subject : null;
  };
}

function staticIdentity(name: string): Identity {
  return { provider: 'static', subject: name, login: name, avatarUrl: null };
}
