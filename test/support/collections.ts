import { vi } from 'vitest';

type Collection = Map<unknown, unknown> | Set<unknown>;

/**
 * Every map and set that something was put into while `act` ran, so that a test can see whether an index, however private, lets
 * go of what is over.
 */
export function filledBy(act: () => void): Collection[] {
  const toMaps = vi.spyOn(Map.prototype, 'set');
  const toSets = vi.spyOn(Set.prototype, 'add');
  try {
    act();
    const filled = [...toMaps.mock.contexts, ...toSets.mock.contexts] as Collection[];
    return [...new Set(filled)];
  } finally {
    toMaps.mockRestore();
    toSets.mockRestore();
  }
}
