import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import { SystemClock } from '../../../clock/system-clock.js';
import type { Config } from '../../../config/config.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import { LockStore } from '../../../store/lock-store.js';
import { storeOptionsOf } from '../../../store/store-options.js';
import { useTokensOf } from '../installation/use-tokens-of.js';
import { IN_USE_MS_MAX, LOOK_EVERY_MS, printWaiting } from '../installation/waiting.js';
import { RemoteServer } from '../remote-server.js';
import { RemoteTokens, ServerUnreachableError } from '../remote-tokens.js';
import { findControl, UNREACHABLE } from './leader-control.js';
import { within } from './within.js';

/** How long a command tries to lead before it looks again whether a server answers, in milliseconds. A dead server takes 3 seconds. */
const LEAD_MS_MAX = 5_000;

interface Place {
  readonly config: Config;
  readonly database: SharedDatabase;
  /** What messages call the database. */
  readonly name: string;
  readonly keys: SecretKeys;
}

type Found =
  | { readonly kind: 'server'; readonly desk: TokenDesk }
  /** No server answers, so a term can begin now or once a dead server has been noticed. */
  | { readonly kind: 'none'; readonly isLed: boolean };

/** Manages tokens. See `Installation.useTokens`. */
export async function useTokens<T>(
  place: Place,
  use: (desk: TokenDesk) => Promise<T>,
  clock: Clock = new SystemClock(),
): Promise<T> {
  const giveUpAtMs = clock.monotonicMs() + IN_USE_MS_MAX;
  for (let look = 1; ; look += 1) {
    const found = await findServer(place);
    if (found.kind === 'server') return use(found.desk);
    if (found.isLed && look === 1)
      printWaiting(`Another OctoStore process is using ${place.name}. Waiting for it`);
    const store = await leadWithin(LEAD_MS_MAX, place, clock);
    if (store !== null) return useTokensOf({ store, clock, config: place.config }, use);
    if (clock.monotonicMs() >= giveUpAtMs) throw new ServerUnreachableError({}, UNREACHABLE);
    await clock.pause(LOOK_EVERY_MS);
  }
}

async function findServer({ database, keys }: Place): Promise<Found> {
  const leader = await database.leader();
  if (leader === null) return { kind: 'none', isLed: false };
  const control = await findControl(leader, keys);
  const answers = control !== null && (await new RemoteServer(control).answers());
  return answers ? { kind: 'server', desk: new RemoteTokens(control) } : { kind: 'none', isLed: true };
}

/** Begins a term. Null if another process has led all the time. */
async function leadWithin(ms: number, { config, database }: Place, clock: Clock): Promise<LockStore | null> {
  const journal = await database.connect(clock);
  const store = await within(ms, clock, LockStore.lead(journal, clock, storeOptionsOf(config)));
  if (store === null) await journal.close();
  return store;
}
