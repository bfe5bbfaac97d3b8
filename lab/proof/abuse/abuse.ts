import { BUILT_MAIN } from '../../kit/server/built-main.js';
import { Random } from '../../kit/random.js';
import { expectPatchesApply, TestBuild } from '../../kit/server/test-build.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { findBugs } from '../find-bugs.js';
import { ABUSE_BUGS, type AbuseBug } from './abuse-bugs.js';
import type { Attack, AttackContext } from './attack.js';
import { ATTACKS } from './attacks.js';
import { Findings } from './findings.js';
import { violationsOf } from './violations.js';

/** How many bugs to try. */
const TRIED: Record<Budget, number> = { small: 1, full: ABUSE_BUGS.length };

/** A bug that shows only with bad timing gets more than one chance. */
const ROUNDS_MAX = 3;

/** Runs only these attacks, by name. `none` runs only the bugs. */
const ONLY = process.env['ABUSE_ATTACKS']?.split(',');

export const abuse: Proof = {
  name: 'abuse',
  claim:
    'Nothing that an unknown client sends ends the process. No user, slow reader or odd environment stops or starves the others.',
  run,
};

async function run(context: ProofContext): Promise<Figures> {
  for (const { patches } of ABUSE_BUGS) expectPatchesApply(patches);
  const random = new Random(context.seed);
  const findings = await attackCorrectServer(context, random);
  if (findings.violations.length > 0) throw new ClaimBroken(findings.violations.join('\n'));
  return {
    ...findings.figures,
    ...(await findBugs(ABUSE_BUGS, TRIED[context.budget], context, (bug) => evidenceOf(bug, random))),
  };
}

async function attackCorrectServer(
  { budget, reportProgress }: ProofContext,
  random: Random,
): Promise<Findings> {
  const findings = new Findings();
  for (const attack of attacksFor(budget)) {
    const checksSpeed = budget === 'full';
    const context = {
      main: BUILT_MAIN,
      budget,
      checksSpeed,
      random: random.split(),
      findings: new Findings(),
    };
    const violations = await violationsOf(attack, context);
    reportProgress(`${attack.name}: ${violations.length === 0 ? 'held' : 'BROKEN'}`);
    findings.violations.push(...violations.map((violation) => `${attack.name}: ${violation}`));
    findings.addFigures(context.findings.figures);
  }
  return findings;
}

function attacksFor(budget: Budget): readonly Attack[] {
  if (ONLY !== undefined) return ATTACKS.filter(({ name }) => ONLY.includes(name));
  return ATTACKS.filter(({ isLong }) => budget === 'full' || isLong !== true);
}

/** Resolves with the violation that revealed the bug. Null if none did. */
async function evidenceOf(bug: AbuseBug, random: Random): Promise<string | null> {
  const build = new TestBuild(bug.patches);
  try {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const found = (await attackWith(bug, build.main, random)).find((violation) =>
        bug.evidence.test(violation),
      );
      if (found !== undefined) return found.slice(0, 150).split('\n')[0] ?? '';
    }
    return null;
  } finally {
    build.remove();
  }
}

function attackWith({ attack: name }: AbuseBug, main: string, random: Random): Promise<readonly string[]> {
  const attack = ATTACKS.find((one) => one.name === name);
  if (attack === undefined) throw new Error(`there is no attack named ${name}`);
  const context: AttackContext = {
    main,
    budget: 'small',
    checksSpeed: false,
    random: random.split(),
    findings: new Findings(),
  };
  return violationsOf(attack, context);
}
