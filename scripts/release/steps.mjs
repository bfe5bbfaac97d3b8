import { mkdirSync } from 'node:fs';
import { release, work } from './paths.mjs';

/** The steps with these names and all that they need, in the order of the list. */
export function withNeeds(steps, names) {
  const wanted = new Set();
  const want = (name) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const need of steps.find((step) => step.name === name).needs ?? []) want(need);
  };
  for (const name of names) want(name);
  return steps.filter(({ name }) => wanted.has(name));
}

/** Runs the steps one after the other. Stops at the first that fails. */
export async function makeSteps(steps) {
  mkdirSync(release, { recursive: true });
  mkdirSync(work, { recursive: true });
  for (const { name, run } of steps) {
    const begun = performance.now();
    await run();
    console.log(`${name.padEnd(12)} ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s`);
  }
}
