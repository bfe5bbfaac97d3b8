import { NewerSchemaError } from '../errors.js';
import { InitialSchema1764720000001 } from './migrations/0001-initial-schema.js';
import { SeveralReplicas1764720000002 } from './migrations/0002-several-replicas.js';
import { SynchronousCommits1764720000004 } from './migrations/0004-synchronous-commits.js';
import { UsedStates1764720000003 } from './migrations/0003-used-states.js';
import { Policies1764720000005 } from './migrations/0005-policies.js';
import { TokenFacts1764806400006 } from './migrations/0006-token-facts.js';
import { Memberships1764892800010 } from './migrations/0010-memberships.js';
import { TokenScopes1764806400007 } from './migrations/0007-token-scopes.js';
import { Audit1764892800008 } from './migrations/0008-audit.js';
import { ServiceAccounts1764892800009 } from './migrations/0009-service-accounts.js';
import { ExchangedTokens1764892800011 } from './migrations/0011-exchanged-tokens.js';
import { BrowserSessions1764892800012 } from './migrations/0012-browser-sessions.js';

/**
 * Every migration, oldest first. A migration may only add things: while a new version starts, the old one still leads. So a new
 * column needs a default or may be null.
 */
export const MIGRATIONS = [
  InitialSchema1764720000001,
  SeveralReplicas1764720000002,
  UsedStates1764720000003,
  SynchronousCommits1764720000004,
  Policies1764720000005,
  TokenFacts1764806400006,
  TokenScopes1764806400007,
  Audit1764892800008,
  ServiceAccounts1764892800009,
  Memberships1764892800010,
  ExchangedTokens1764892800011,
  BrowserSessions1764892800012,
];

/** The table in which a database lists the migrations that have been applied. */
export const MIGRATIONS_TABLE = 'migrations';

/** Throws `NewerSchemaError` if an applied migration is unknown to this version. */
export function refuseNewerSchema(applied: readonly string[], databaseName: string): void {
  const known = new Set<string>(MIGRATIONS.map(({ name }) => name));
  if (applied.some((name) => !known.has(name))) throw new NewerSchemaError(databaseName);
}
