import type { ReportedEvent } from '../../core/model/event.js';
import type { LoggedEvent } from '../../journal/logged-event.js';
import type { Timeline } from '../timeline.js';

/** Converts the times of an event to wall-clock milliseconds, by the wall clock of this moment. */
export function toLogged(event: ReportedEvent, timeline: Timeline): LoggedEvent {
  const { sequence, actor, subject, type } = event;
  const at = timeline.toWallMs(event.at);
  switch (type) {
    case 'acquired':
    case 'renewed': {
      const body = { ...event.body, expiresAt: timeline.toWallMs(event.body.expiresAt) };
      return { sequence, at, actor, subject, type, body };
    }
    case 'released':
    case 'expired':
      return { sequence, at, actor, subject, type, body: event.body };
    case 'broken':
      return { sequence, at, actor, subject, type, body: event.body };
    case 'warning':
      return { sequence, at, actor, subject, type, body: event.body };
    case 'release_requested': {
      const body = { ...event.body, expiresAt: timeline.toWallMs(event.body.expiresAt) };
      return { sequence, at, actor, subject, type, body };
    }
    default:
      return unreachable(type);
  }
}

function unreachable(type: never): never {
  throw new Error(`unexpected type of event: ${String(type)}`);
}
