import { describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/model/ids.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Subject } from '../../src/core/model/subject.js';
import { SelectorIndex } from '../../src/events/selector-index.js';
import { selects, type Selector } from '../../src/journal/event-query.js';

const lock: Subject = { kind: 'lock', lockName: 'a/b' as LockName };
const session: Subject = { kind: 'session', sessionId: 'a/b' as SessionId };

const byName: Selector = { kind: 'lock', lockName: 'a/b' as LockName };
const byPrefix: Selector = { kind: 'prefix', prefix: '' };

describe.each([byName, byPrefix])('a watcher with the selector %j', (selector) => {
  const index = new SelectorIndex<string>();
  index.add(selector, 'follower');

  test('receives the events of the lock', () => {
    expect(selects(selector, lock)).toBe(true);
    expect([...index.followersOf(lock)]).toEqual(['follower']);
  });

  test('receives only events of locks', () => {
    expect(selects(selector, session)).toBe(false);
    expect([...index.followersOf(session)]).toEqual([]);
  });
});
