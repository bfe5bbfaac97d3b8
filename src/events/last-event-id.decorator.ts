import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { OctoStoreError } from '../errors/octostore-error.js';

/** The sequence after which the client resumes its stream, or null for a new stream. Throws `validation_failed`. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): number | null => {
  const text = context.switchToHttp().getRequest<Request>().headers['last-event-id'];
  if (text === undefined || text === '') return null;
  const position = typeof text === 'string' && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(position)) return position;
  throw new OctoStoreError('validation_failed', {
    details: 'Last-Event-ID must be the id of a frame of an earlier stream.',
  });
});
