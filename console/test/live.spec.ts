import { describe, expect, test } from 'vitest';
import { backoffMs } from '../src/live/backoff';
import { SseParser } from '../src/live/sse-parser';
import { isSame, pathOf } from '../src/live/watched';

describe('frames', () => {
  test('are found wherever the text is cut', () => {
    const text =
      'event: acquired\nid: 7\ndata: {"a":1}\n\n: keep-alive\n\nevent: released\nid: 8\ndata: {}\n\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new SseParser();
      const frames = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))];
      expect(frames).toEqual([
        { event: 'acquired', id: '7', data: '{"a":1}' },
        { event: 'released', id: '8', data: '{}' },
      ]);
    }
  });
});

describe('attempts to connect', () => {
  test('get slower, but not slower than every 15 seconds', () => {
    expect([1, 2, 3, 10].map((failures) => backoffMs(failures, 1))).toEqual([500, 1000, 2000, 15_000]);
    expect(backoffMs(3, 0)).toBe(1000);
  });
});

describe('what is watched', () => {
  test('names are encoded', () => {
    expect(pathOf({ kind: 'lock', name: 'a/watch' })).toMatch(/^\/locks\/a%2Fwatch\/watch\?/);
  });

  test('renewals are left out if they are not wanted', () => {
    expect(pathOf({ kind: 'locks', prefix: 'a/', renewals: false })).not.toContain('renewed');
    expect(pathOf({ kind: 'locks', prefix: 'a/', renewals: true })).toContain('renewed');
  });

  test('the same thing is not watched again', () => {
    expect(isSame({ kind: 'lock', name: 'a' }, { kind: 'lock', name: 'a' })).toBe(true);
    expect(isSame({ kind: 'lock', name: 'a' }, null)).toBe(false);
  });
});
