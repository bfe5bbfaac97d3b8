import { getSchemaPath } from '@nestjs/swagger';
import { LOCK_EVENT_TYPES } from '../core/model/event.js';
import { LockDelayed, LockNotHeld } from '../locks/dto/lock-status.dto.js';
import { LockEventBody } from './event.dto.js';
import { LocksState, StreamEnd, StreamReset, WatchedLockHeld } from './frames.dto.js';

/** The data of a `state` frame of one lock. */
export const LOCK_STATE = {
  description: 'The current state of a lock, as in the first frame of its stream.',
  oneOf: [WatchedLockHeld, LockNotHeld, LockDelayed].map((state) => ({ $ref: getSchemaPath(state) })),
  discriminator: {
    propertyName: 'status',
    mapping: {
      held: getSchemaPath(WatchedLockHeld),
      available: getSchemaPath(LockNotHeld),
      delayed: getSchemaPath(LockDelayed),
    },
  },
};

export const LOCK_STATE_PATH = '#/components/schemas/LockState';
export const LOCKS_STATE_PATH = getSchemaPath(LocksState);

/**
 * An event stream whose `state` frames have the schema at `statePath`. A stream is text, and `contentSchema` is how JSON Schema
 * describes the content of a text. Generators ignore it, so generated clients get the raw stream.
 */
export function eventStreamSchema(statePath: string) {
  return {
    type: 'string',
    contentMediaType: 'text/event-stream',
    contentSchema: { type: 'array', items: frameSchema(statePath) },
  };
}

function frameSchema(statePath: string) {
  return {
    type: 'object',
    properties: {
      event: { type: 'string', enum: ['state', ...LOCK_EVENT_TYPES, 'reset', 'end'] },
      id: { type: 'string', pattern: '^[0-9]{1,16}$' },
      data: { type: 'string', contentMediaType: 'application/json' },
    },
    required: ['event', 'data'],
    oneOf: [
      alternative(['state'], statePath),
      alternative(LOCK_EVENT_TYPES, getSchemaPath(LockEventBody)),
      alternative(['reset'], getSchemaPath(StreamReset)),
      alternative(['end'], getSchemaPath(StreamEnd)),
    ],
  };
}

function alternative(events: readonly string[], dataPath: string) {
  return {
    type: 'object',
    properties: { event: { enum: [...events] }, data: { contentSchema: { $ref: dataPath } } },
    required: ['event', 'data'],
  };
}
