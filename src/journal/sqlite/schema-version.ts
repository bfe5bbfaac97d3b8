import { NewerSchemaError } from '../errors.js';
import { InitialSchema1763596800000 } from './migrations/0001-initial-schema.js';
import { LoginPinsAndTokenRoots1764374400000 } from './migrations/0002-login-pins-and-token-roots.js';
import { WebhookSuspension1764460800003 } from './migrations/0003-webhook-suspension.js';
import { LeaseTerms1764547200004 } from './migrations/0004-lease-terms.js';
import { CoolingBreaksFencesAndProofs1764633600005 } from './migrations/0005-cooling-breaks-fences-and-proofs.js';
import { UsedStates1764720000006 } from './migrations/0006-used-states.js';
import { Policies1764720000007 } from './migrations/0007-policies.js';
import { TokenFacts1764806400008 } from './migrations/0008-token-facts.js';
import { Memberships1764892800012 } from './migrations/0012-memberships.js';
import { TokenScopes1764806400009 } from './migrations/0009-token-scopes.js';
import { Audit1764892800010 } from './migrations/0010-audit.js';
import { ServiceAccounts1764892800011 } from './migrations/0011-service-accounts.js';
import { ExchangedTokens1764892800013 } from './migrations/0013-exchanged-tokens.js';
import { BrowserSessions1764892800014 } from './migrations/0014-browser-sessions.js';

/** Every migration, oldest first. They are listed here, so that what runs does not depend on which files are in a folder. */
export const MIGRATIONS = [
  InitialSchema1763596800000,
  LoginPinsAndTokenRoots1764374400000,
  WebhookSuspension1764460800003,
  LeaseTerms1764547200004,
  CoolingBreaksFencesAndProofs1764633600005,
  UsedStates1764720000006,
  Policies1764720000007,
  TokenFacts1764806400008,
  TokenScopes1764806400009,
  Audit1764892800010,
  ServiceAccounts1764892800011,
  Memberships1764892800012,
  ExchangedTokens1764892800013,
  BrowserSessions1764892800014,
];

/** The table in which a database lists the migrations that have been applied. */
export const MIGRATIONS_TABLE = 'migrations';

/** Throws `NewerSchemaError` if an applied migration is unknown to this version. */
export function refuseNewerSchema(applied: readonly string[], databasePath: string): void {
  const known = new Set<string>(MIGRATIONS.map(({ name }) => name));
  if (applied.some((name) => !known.has(name))) throw new NewerSchemaError(databasePath);
}
