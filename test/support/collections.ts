import { vi } from 'vitest';

type Collection = Map<unknown, unknown> | Set<unknown>;

/**
 * Every map and set that something was added to while `act` ran, so that a test can see whether an index, even a private
 * one, still keeps finished entries.
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
