import { Access } from '../../../src/access/access.js';
import { Policy } from '../../../src/access/policy/policy.js';
import type { PolicyDocument } from '../../../src/access/policy/policy-document.js';
import { formatCount } from '../../../src/bench/report/table.js';
import { State } from '../../../src/core/state/state.js';
import { nanosecondsOf } from './measure.js';
import type { MicroBenchmark, Timing } from './micro-benchmark.js';
import { acquire, release, USER } from './requests.js';

const GRANTS = [10, 1_000] as const;

/** More names than are remembered. */
const NAMES = Array.from({ length: 20_000 }, (_, index) => `team-${index % 1_000}/service/${index}`);

const ACTOR = { userId: USER, scope: null };

/** The cost of one access check, beside the command that it is made for. */
export const access: MicroBenchmark = {
  name: 'access check',
  run: () => [...GRANTS.flatMap(withGrants), command()],
};

function withGrants(count: number): Timing[] {
  const size = `${formatCount(count)} grants`;
  const prefixes = accessWith(count, (index) => `team-${index}/*`);
  const inside = accessWith(count, (index) => `team-*/service/${index}`);
  return [
    { operation: 'no policy', size, nanoseconds: checks(new Access(identities), 20_000) },
    { operation: 'a name that is remembered', size, nanoseconds: checks(prefixes, 500) },
    { operation: 'a new name, patterns with prefixes', size, nanoseconds: checks(prefixes, NAMES.length) },
    { operation: 'a new name, patterns with one prefix', size, nanoseconds: checks(inside, NAMES.length) },
  ];
}

/** Without HTTP and the disk, which take most of the time of a request. */
function command(): Timing {
  const state = new State();
  let next = 0;
  const nanoseconds = nanosecondsOf(() => {
    const name = NAMES[(next = (next + 1) % NAMES.length)] ?? '';
    acquire(state, name, 'mine');
    release(state, name, 'mine');
  });
  return { operation: 'for comparison: acquire and release in the core', size: '', nanoseconds };
}

function checks(checked: Access, names: number): number {
  let next = 0;
  return nanosecondsOf(() => {
    next = (next + 1) % names;
    checked.may(ACTOR, 'acquire', { lockName: NAMES[next] ?? '' });
  });
}

const ACCOUNT = { provider: 'static', subject: 'ci', login: 'ci' } as const;

const identities = { user: () => ACCOUNT, loginsOf: () => [] };

/** Half of the grants are the user's own, and half are everyone's. */
function accessWith(count: number, patternOf: (index: number) => string): Access {
  const grants: PolicyDocument['grants'] = Array.from({ length: count }, (_, index) => ({
    to: [index % 2 === 0 ? 'static:ci' : 'everyone'],
    may: ['acquire'],
    on: [patternOf(index)],
  }));
  const made = new Access(identities);
  made.enforce(new Policy({ grants }), 0);
  return made;
}
