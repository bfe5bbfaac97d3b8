import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { OctoStoreError } from '../errors/octostore-error.js';

/** The position after which a client resumes its stream; null for a new one. Throws `validation_failed`. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): number | null => {
  const text = context.switchToHttp().getRequest<Request>().headers['last-event-id'];
  if (text === undefined || text === '') return null;
  const position = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  throw new OctoStoreError('validation_failed', {
    details: 'Last-Event-ID must be the id of a frame of an earlier stream.',
  });
});
