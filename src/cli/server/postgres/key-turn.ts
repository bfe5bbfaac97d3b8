import type { SharedJournal } from '../../../journal/shared-database.js';
import type { RequiredKeys } from '../../../secrets/required-keys.js';
import type { KeyTurn } from '../../../term.js';

type Journal = Pick<SharedJournal, 'secretCheck' | 'storeSecretCheck'>;

/**
 * While a term encrypts with another key than the one before, every server needs both. So a server that lacks the new key can no longer
 * lead, and one that lacks the old key does not start before everything is encrypted again.
 */
export function keyTurnOf(journal: Journal, keys: RequiredKeys): KeyTurn {
  const change = async (changed: (stored: string) => Promise<string>): Promise<void> => {
    const stored = await journal.secretCheck();
    const next = await changed(stored ?? (await keys.initial()));
    if (next !== stored) await journal.storeSecretCheck(next);
  };
  return {
    begin: () =>
      change(async (stored) => {
        await keys.assertHasAll(stored);
        return keys.withFirst(stored);
      }),
    end: () => change((stored) => keys.onlyFirst(stored)),
  };
}
