import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Command } from '../../src/core/model/command.js';
import { actions } from '../support/law-actions.js';
import { Life } from '../support/law-life.js';

/** `PROPERTY_RUNS=100000 npx vitest run test/core/law.property.spec.ts` looks for longer; a failure tells its seed and path. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 6_000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_261_120);

test(
  'whatever happens, the law does what the plain model says, and no promise is broken',
  () => {
    const lives = fc.property(actions(80), (list) => {
      const life = new Life();
      for (const action of list) life.act(action);
      life.expectReplayable();
    });
    const report = fc.check(lives, { numRuns: RUNS, seed: SEED });
    expect([fc.defaultReportMessage(report), report.errorInstance]).toEqual([undefined, null]);
  },
  60_000 + RUNS * 60,
);

test(
  'the same holds where fencing tokens and sequences end',
  () => {
    const fewLeft = fc.integer({ min: 0, max: 40 }).map((left) => 2 ** 53 - 1 - left);
    const start = fc.record({ lastFencingToken: fewLeft, lastSequence: fewLeft });
    const lives = fc.property(start, actions(80), (numbers, list) => {
      const life = new Life(numbers);
      for (const action of list) life.act(action);
      life.expectReplayable();
    });
    const report = fc.check(lives, { numRuns: RUNS / 4, seed: SEED });
    expect([fc.defaultReportMessage(report), report.errorInstance]).toEqual([undefined, null]);
  },
  60_000 + RUNS * 60,
);

const OF_SESSION = ['session_not_found', 'session_expired'];
const CONFLICTS = ['conflict, held', 'conflict, queued', 'conflict, delayed', 'conflict, limit_mismatch'];
const REFUSALS = [...CONFLICTS, 'lock_limit_exceeded', 'too_many_locks', 'numbers_exhausted', ...OF_SESSION];
const NOT_OWN = ['lock_not_found', 'ambiguous_lease_id', 'lease_broken'];

/** The answers to each command, and to those who waited. The random lives must include a new command before this test passes. */
const ANSWERS: Readonly<Record<Command['kind'] | 'waiter', readonly string[]>> = {
  acquire: [
    'acquired',
    'already_held',
    'queued',
    'too_many_waiters',
    'lease_mismatch',
    'lease_broken',
    ...REFUSALS,
  ],
  waiter: ['acquired', ...REFUSALS],
  release: ['released', ...NOT_OWN],
  renew: ['renewed', 'numbers_exhausted', ...NOT_OWN],
  leave_queue: ['left', 'not_queued'],
  give_up_place: ['left', 'not_queued'],
  take_back: ['released', 'lock_not_found'],
  convert: [
    'converted',
    'conflict, held',
    'not_convertible',
    'numbers_exhausted',
    'lock_not_found',
    'lease_broken',
  ],
  break: ['broken', 'lock_not_found'],
  request_release: ['release_requested', 'numbers_exhausted', 'lock_not_found'],
  warn: ['warned', 'numbers_exhausted'],
  open_session: ['session_opened', 'session_limit_exceeded', 'too_many_sessions'],
  keep_session_alive: ['session_kept_alive', ...OF_SESSION],
  close_session: ['session_closed', ...OF_SESSION],
  advance_fence: [
    'token_passed',
    'stale_fencing_token',
    'token_not_issued',
    'fence_limit_exceeded',
    'too_many_fences',
  ],
  delete_fence: ['fence_deleted', 'fence_not_found'],
  sweep: ['swept'],
};

test('these lives meet every answer that there is', () => {
  const answers = new Set<string>();
  const starts = [0, 2 ** 53 - 20, 2 ** 53 - 7].map((lastSequence) => ({
    lastFencingToken: 0,
    lastSequence,
  }));
  for (const [index, list] of fc.sample(actions(80), { numRuns: 500, seed: SEED }).entries()) {
    const life = new Life(starts[index % starts.length]);
    for (const action of list) life.act(action);
    for (const answer of life.answers) answers.add(answer);
  }
  const expected = Object.entries(ANSWERS).flatMap(([to, kinds]) => kinds.map((kind) => `${to}: ${kind}`));
  expect([...answers].toSorted()).toEqual(expected.toSorted());
});
