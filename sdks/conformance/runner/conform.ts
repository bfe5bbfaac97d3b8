import type { Language } from './languages.js';
import { Lateness } from './lateness.js';
import { prepared } from './preparing.js';
import type { Scenario } from './scenario.js';
import { Sections } from './sections.js';
import { Slots } from './slots.js';
import { ROUNDS } from './suite.js';
import { Trial } from './trial.js';

/** Builds and tests SDKs, and runs scenarios with them. Resolves with the names of those that failed. */
export async function conform(
  languages: readonly Language[],
  scenarios: readonly Scenario[],
): Promise<string[]> {
  const sections = new Sections((text) => process.stdout.write(text));
  const ready = await prepared(languages, sections);
  const lateness = new Lateness();
  try {
    const trials = await firstRound(ready, scenarios, lateness, sections);
    await repeat(trials, sections);
    const passed = new Set(trials.filter(({ hasFailed }) => !hasFailed).map(({ language }) => language));
    return languages.filter((language) => !passed.has(language)).map(({ name }) => name);
  } finally {
    lateness.stop();
  }
}

/** An SDK begins when all scenarios of those before it have at least begun. */
async function firstRound(
  languages: readonly Language[],
  scenarios: readonly Scenario[],
  lateness: Lateness,
  sections: Sections,
): Promise<Trial[]> {
  const slots = new Slots(ROUNDS[0]);
  const runs: Promise<Trial>[] = [];
  for (const language of languages) {
    const trial = await slots.run(() => Trial.start(language, scenarios, lateness));
    runs.push(trial.run(1, slots, sections.open()).then(() => trial));
  }
  return Promise.all(runs);
}

async function repeat(trials: readonly Trial[], sections: Sections): Promise<void> {
  for (const [before, concurrency] of ROUNDS.entries()) {
    if (before === 0) continue;
    const slots = new Slots(concurrency);
    const uncertain = trials.filter(({ hasEnded }) => !hasEnded);
    await Promise.all(uncertain.map((trial) => trial.run(before + 1, slots, sections.open())));
  }
}
