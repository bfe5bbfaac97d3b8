import type { EventActor } from '../core/model/event.js';
import { nameOf, type LoginOf } from '../events/event-fields.js';
import { durationInWords } from '../events/duration-in-words.js';
import type { Holding, HoldingEnd } from './holding.js';

/** One or two sentences about a lease, such as `ada held it for 2 minutes, and released it.` */
export function holdingInWords(holding: Holding, nowMs: number, loginOf: LoginOf): string {
  const name = loginOf(holding.holder.userId);
  const { end } = holding;
  const sentence =
    end === null
      ? `${name} has held it${timeHeld(holding, nowMs)}.`
      : `${name} held it${timeHeld(holding, nowMs)}${endInWords(end, loginOf)}`;
  return [sentence, ...renewalsInWords(holding)].join(' ');
}

function timeHeld({ acquiredAt, endedAt }: Holding, nowMs: number): string {
  return acquiredAt === null ? '' : ` for ${durationInWords((endedAt ?? nowMs) - acquiredAt)}`;
}

function endInWords(end: HoldingEnd, loginOf: LoginOf): string {
  switch (end.kind) {
    case 'released':
      return ', and released it.';
    case 'expired':
      return ', and let it expire.';
    case 'session_expired':
      return ', until its session expired.';
    case 'broken':
      return `, until ${brokenBy(end.by, loginOf)} broke the lease: ${end.reason}`;
    default:
      return unreachable(end);
  }
}

function brokenBy(actor: EventActor, loginOf: LoginOf): string {
  return actor.kind === 'administrator' ? 'an administrator' : nameOf(actor, loginOf);
}

/** What tells a client that hangs from one that is merely slow. */
function renewalsInWords({ end, endedAt, lastRenewedAt, leastMarginMs, acquiredAt }: Holding): string[] {
  if (end?.kind === 'expired' && lastRenewedAt === null)
    return acquiredAt === null ? [] : ['The lease was never renewed.'];
  if (end?.kind === 'expired' && lastRenewedAt !== null && endedAt !== null)
    return [`The last renewal was ${durationInWords(endedAt - lastRenewedAt)} before that.`];
  if (end === null && leastMarginMs !== null)
    return [`At the tightest renewal, ${durationInWords(leastMarginMs)} were left.`];
  return [];
}

function unreachable(end: never): never {
  throw new Error(`unexpected end: ${JSON.stringify(end)}`);
}
