import type { Command } from '../../src/core/model/command.js';
import type { Effects, LawModel } from './law-model.js';

interface Choice {
  chosen: number;
  readonly alternatives: number;
}

/**
 * Applies a command to the model in each order in which things with the same deadline may happen, until one order explains
 * what was observed. Returns the model after it, or the effects of the first order if none does.
 */
export function explain(
  model: LawModel,
  command: Command,
  now: number,
  isExplained: (effects: Effects, after: LawModel) => boolean,
): { readonly model: LawModel } | { readonly expected: Effects } {
  const script: Choice[] = [];
  let first: Effects | null = null;
  for (;;) {
    const copy = model.clone();
    let position = 0;
    const effects = copy.apply(command, now, (alternatives) => {
      script[position] ??= { chosen: 0, alternatives };
      position += 1;
      return script[position - 1]?.chosen ?? 0;
    });
    if (isExplained(effects, copy)) return { model: copy };
    first ??= effects;
    while (script.length > 0 && isExhausted(script)) script.pop();
    const last = script.at(-1);
    if (last === undefined) return { expected: first };
    last.chosen += 1;
  }
}

function isExhausted(script: readonly Choice[]): boolean {
  const last = script.at(-1);
  return last !== undefined && last.chosen >= last.alternatives - 1;
}
