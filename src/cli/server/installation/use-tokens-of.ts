import { Accounts } from '../../../auth/accounts.js';
import { StaticTokens } from '../../../auth/tokens/static-tokens.js';
import { TokenAdministration } from '../../../auth/tokens/token-administration.js';
import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import type { Config } from '../../../config/config.js';
import type { LockStore } from '../../../store/lock-store.js';

interface Led {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly config: Config;
}

/** Manages tokens in this process, and then ends its term and closes the journal. */
export async function useTokensOf<T>(
  { store, clock, config }: Led,
  use: (desk: TokenDesk) => Promise<T>,
): Promise<T> {
  const { journal } = store;
  try {
    const staticTokens = StaticTokens.fromConfig(config);
    const accounts = await Accounts.openForCommand({ journal, store, clock, config, staticTokens });
    return await use(new TokenAdministration(accounts, clock));
  } finally {
    await store.close();
    await journal.close();
  }
}
