import { isDeepStrictEqual } from 'node:util';
import type { Command } from '../../../src/core/model/command.js';
import type { TicketId } from '../../../src/core/model/ids.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LawModel } from './law-model.js';
import type { Choose, Due, Effects } from './model-state.js';

/** Orders that are tried, and how many of them for a model with so many leases that each takes long. */
const ORDERS_MAX = { usual: 20_000, many: 50 };
const MANY_LEASES = 50;

type SoFar = Omit<Effects, 'outcome'>;

interface Choice {
  readonly first: number;
  readonly candidates: number;
  tried: number;
}

export type Explanation =
  | { readonly kind: 'permitted'; readonly model: LawModel }
  /** No order of what has the same deadline leads to what was seen. */
  | { readonly kind: 'forbidden'; readonly expected: Effects };

/**
 * Whether the law permits what was seen of a command. The model is left as it is; the one that is returned is the model after
 * the command. What has the same deadline may end in any order, so the orders are tried, beginning with what was seen.
 *
 * @param isRight whether a model after the command agrees with all else that is known.
 */
export function explain(
  model: LawModel,
  command: Command,
  now: number,
  seen: Effects,
  isRight: (after: LawModel) => boolean,
): Explanation {
  const choices: Choice[] = [];
  let expected: Effects | null = null;
  const ordersMax = model.leases.length > MANY_LEASES ? ORDERS_MAX.many : ORDERS_MAX.usual;
  for (let orders = 1; ; orders += 1) {
    const after = model.clone();
    const effects = after.apply(command, now, inTurn(choices, seen, model));
    if (isDeepStrictEqual(effects, seen) && isRight(after)) return { kind: 'permitted', model: after };
    expected ??= effects;
    while (choices.at(-1)?.tried === (choices.at(-1)?.candidates ?? 0) - 1) choices.pop();
    const last = choices.at(-1);
    if (last === undefined || orders > ordersMax) return { kind: 'forbidden', expected };
    last.tried += 1;
  }
}

/** Repeats the choices that were made, and makes new ones by what was seen. */
function inTurn(choices: Choice[], seen: Effects, { leases }: LawModel): Choose {
  let position = 0;
  return (candidates, soFar) => {
    const next = { lease: nextExpired(leases, soFar, seen), ticketId: nextAnswered(soFar, seen) };
    choices[position] ??= { first: likely(candidates, next), candidates: candidates.length, tried: 0 };
    const { first = 0, tried = 0 } = choices[position] ?? {};
    position += 1;
    return (first + tried) % candidates.length;
  };
}

interface SeenNext {
  readonly lease: Lease | undefined;
  readonly ticketId: TicketId | undefined;
}

/** The lease whose expiry was seen next. */
function nextExpired(leases: readonly Lease[], { events }: SoFar, seen: Effects): Lease | undefined {
  const event = seen.events[events.length];
  if (event?.type !== 'expired') return undefined;
  return leases.find(({ fencingToken }) => fencingToken === event.fencingToken);
}

function nextAnswered({ answers }: SoFar, seen: Effects): TicketId | undefined {
  return [...seen.answers.keys()][answers.size];
}

/** The candidate whose end was seen next; the first if none was. The end of a session shows in that of its leases. */
function likely(candidates: readonly Due[], { lease, ticketId }: SeenNext): number {
  const isNext = (due: Due): boolean =>
    ('lease' in due && due.lease.fencingToken === lease?.fencingToken) ||
    ('session' in due && due.session.sessionId === lease?.holder.sessionId) ||
    ('ticketId' in due && due.ticketId === ticketId);
  return Math.max(0, candidates.findIndex(isNext));
}
