import { describe, expect, test } from 'vitest';
import { Sections } from '../../sdks/conformance/runner/sections.js';
import { Slots } from '../../sdks/conformance/runner/slots.js';

describe('slots', () => {
  test('run so many tasks at the same time, in the order in which they were added', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [0, 1, 2, 3].map((number) =>
      slots.run(async () => {
        begun.push(number);
        await new Promise<void>((resolve) => (ends[number] = resolve));
        return number;
      }),
    );
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await tasks[1];
    expect(begun).toEqual([0, 1, 2]);
    ends[0]?.();
    await tasks[0];
    ends[2]?.();
    ends[3]?.();
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3]);
  });

  test('are free again after a task that fails', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slots.run(() => Promise.resolve('yes'))).toBe('yes');
  });
});

describe('sections', () => {
  test('show the oldest open one as it grows, and the others after it', () => {
    let shown = '';
    const sections = new Sections((text) => (shown += text));
    const [first, second, third] = [sections.open(), sections.open(), sections.open()];
    second.write('b');
    first.write('a');
    expect(shown).toBe('a');
    second.end();
    third.write('c');
    first.write('a');
    expect(shown).toBe('aa');
    first.end();
    expect(shown).toBe('aabc');
    third.write('c');
    expect(shown).toBe('aabcc');
  });
});
