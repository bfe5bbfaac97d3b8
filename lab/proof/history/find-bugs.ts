import { Random } from '../../kit/random.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { SHORT_TIMES } from '../webhooks/short-times.js';
import type { Bug } from './bug.js';
import { BUGS } from './bugs.js';
import { DEFAULT_MIX } from '../../kit/load/operation-mix.js';
import { BugSearch, type Effort, type Detection } from './bug-search.js';
import { expectPatchesApply, TestBuild } from '../../kit/server/test-build.js';

/** How many bugs to try. The seed picks them, so that all get their turn. */
const TRIED: Record<Budget, number> = { small: 2, full: BUGS.length };

/** A bug that does not show in one search gets more chances, with other random numbers and a new server. */
const SEARCHES_MAX = 4;
const SEARCH_EFFORT: Effort = { rounds: 12, patienceMs: 10_000 };

/** How long servers without a bug are tested. */
const CONTROL: Record<Budget, Effort> = {
  small: { rounds: 1, patienceMs: 60_000 },
  full: { rounds: 6, patienceMs: 60_000 },
};

/** Together, these cover every kind of attack. */
const CONTROLS: readonly Bug[] = [true, false].map((kills) => ({
  name: 'no bug',
  attack: { kills, events: true, mix: { ...DEFAULT_MIX, shortLease: 0.2, shortTtls: [1, 2, 5, 6] } },
  patches: [],
}));
const CONTROLS_TRIED: Record<Budget, number> = { small: 1, full: CONTROLS.length };

export const historyBugs: Proof = {
  name: 'history-bugs',
  formerName: 'checker-bites',
  claim: 'The checks of the histories find bugs: a server with any of these bugs is rejected.',
  run,
};

async function run({ budget, seed, reportProgress }: ProofContext): Promise<Figures> {
  for (const { patches } of BUGS) expectPatchesApply(patches);
  const random = new Random(seed);
  for (const control of CONTROLS.slice(0, CONTROLS_TRIED[budget])) {
    const falseAlarm = await search(control, random, CONTROL[budget]);
    if (falseAlarm !== null)
      throw new ClaimBroken(`a server without a bug was rejected: ${falseAlarm.evidence}`);
  }
  reportProgress('servers without a bug were not rejected');
  const first = (seed * TRIED[budget]) % BUGS.length;
  const bugs = [...BUGS.slice(first), ...BUGS.slice(0, first)].slice(0, TRIED[budget]);
  const figures: Record<string, string> = {};
  for (const bug of bugs) {
    const found = await searchRepeatedly(bug, random);
    reportProgress(`${bug.name}: ${found === null ? 'MISSED' : firstLine(found.evidence)}`);
    if (found !== null) figures[bug.name] = `${found.seconds.toFixed(1)} s, ${found.by}`;
  }
  const missed = bugs.filter(({ name }) => figures[name] === undefined);
  if (missed.length > 0) {
    throw new ClaimBroken(`these bugs were not found: ${missed.map(({ name }) => name).join('; ')}`);
  }
  return { 'bugs found': `${bugs.length} of ${bugs.length}`, ...figures };
}

async function searchRepeatedly(bug: Bug, random: Random): Promise<Detection | null> {
  for (let hunts = 0; hunts < SEARCHES_MAX; hunts += 1) {
    const found = await search(bug, random, SEARCH_EFFORT);
    if (found !== null) return found;
  }
  return null;
}

async function search({ patches, attack }: Bug, random: Random, effort: Effort): Promise<Detection | null> {
  const build = new TestBuild([...patches, ...(attack.events ? SHORT_TIMES : [])]);
  try {
    return await BugSearch.run(build.main, attack, random.split(), effort);
  } finally {
    build.remove();
  }
}

function firstLine(text: string): string {
  return text.slice(0, 140).split('\n')[0] ?? '';
}
