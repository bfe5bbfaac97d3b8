import type { Patch } from '../../kit/server/test-build.js';
import { FILES } from '../history/bug.js';

/** A bug that gets in the way of whole programs. */
export interface ProgramBug {
  readonly name: string;
  /** Must match one of the violations, so that the bug is found for the right reason. */
  readonly evidence: RegExp;
  readonly patches: readonly Patch[];
}

type Change = readonly [file: string, find: string, replace: string];

function bug(name: string, evidence: RegExp, ...changes: readonly Change[]): ProgramBug {
  return { name, evidence, patches: changes.map(([file, find, replace]) => ({ file, find, replace })) };
}

/** Every bug that the programs must notice. */
export const PROGRAM_BUGS: readonly ProgramBug[] = [
  bug('a reader is admitted beside a writer', /document (shared|exclusive) beside/, [
    FILES.fit,
    "holdOn(first.lease, lock.name).mode === 'shared'",
    "holdOn(first.lease, lock.name).mode !== 'counted'",
  ]),
  bug('half of a set of locks is granted', /asked for .* and got/, [
    FILES.transition,
    'grant(request) {',
    'grant({ ...request }) {\n        request.wants = [request.wants[0]];',
  ]),
  bug('a set is granted as soon as its first lock is free', /beside|although/, [
    FILES.fit,
    'return wants.every(',
    "return wants.filter(({ demand }, index) => index === 0 || demand.mode !== 'exclusive').every(",
  ]),
  bug('a reply always shows the first slots', /slots .* beside|although gpu/, [
    FILES.presentHold,
    'slots: hold.slots',
    'slots: hold.slots.map((_, index) => index)',
  ]),
  bug('a holder is not told that someone wants its lock', /was not told/, [
    FILES.renew,
    'transition.state.releaseRequestFor(lease)',
    'null',
  ]),
  bug('a restart counts fencing tokens from the beginning', /although|token of another lease/, [
    FILES.recovery,
    'new State(durable.lastFencingToken,',
    'new State(0,',
  ]),
];
