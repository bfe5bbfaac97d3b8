import { describe, expect, test } from 'vitest';
import { attemptsOf, withAttempt } from '../../../src/webhooks/delivery/attempt-record.js';

describe('attempts', () => {
  test('are kept up to a limit, the newest last', () => {
    let stored = '[]';
    for (let at = 1; at <= 25; at += 1)
      stored = withAttempt(stored, { at, status: 500, error: 'status', durationMs: 1 });
    expect(attemptsOf(stored).map(({ at }) => at)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 6),
    );
  });
});
