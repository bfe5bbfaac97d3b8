import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { OctoStoreError } from '../errors/octostore-error.js';
import { EVENT_LIST, isEventFilter, typesOf, USUAL_EVENTS, type EventTypes } from './event-types.js';

/** The types of events that a stream should send, from `events` in the query string. Throws `validation_failed`. */
export const WatchedTypes = createParamDecorator((_: unknown, context: ExecutionContext): EventTypes => {
  const { events = USUAL_EVENTS } = context.switchToHttp().getRequest<Request>().query;
  const filters = typeof events === 'string' ? events.split(',') : [events];
  if (filters.every(isEventFilter)) return typesOf(filters);
  throw new OctoStoreError('validation_failed', { details: `events ${EVENT_LIST.rule}.` });
});
