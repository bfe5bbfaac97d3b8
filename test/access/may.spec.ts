import { expect, test } from 'vitest';
import { may, type Actor } from '../../src/access/may.js';
import type { FenceName } from '../../src/core/model/fence.js';
import type { SessionId, UserId } from '../../src/core/model/ids.js';

const ada: Actor = { userId: 'github:1' as UserId };
const ofBob = { lockName: 'deploy', userId: 'github:2' as UserId };

test('every signed-in user may observe and acquire every lock', () => {
  expect(may(ada, 'observe', ofBob)).toBe(true);
  expect(may(ada, 'acquire', ofBob)).toBe(true);
});

test('every signed-in user may keep a session', () => {
  expect(may(ada, 'keep_session', { sessionId: 'a-session' as SessionId })).toBe(true);
});

test('every signed-in user may see and advance every fence', () => {
  const fenceName = 'gpu/3' as FenceName;
  expect(may(ada, 'observe_fence', { fenceName })).toBe(true);
  expect(may(ada, 'advance_fence', { fenceName })).toBe(true);
});
