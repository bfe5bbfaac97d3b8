import { spawnSync } from 'node:child_process';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';

test('afterBacklog runs each task once, in order, and not synchronously', async () => {
  const clock = new SystemClock();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    for (const name of ['a', 'b']) clock.afterBacklog(() => order.push(name));
    clock.afterBacklog(() => {
      clock.afterBacklog(resolve);
      order.push('c');
    });
    expect(order).toEqual([]);
  });
  expect(order).toEqual(['a', 'b', 'c']);
});

test('the event loop continues while a task calls afterBacklog repeatedly', async () => {
  const clock = new SystemClock();
  const over = new AbortController();
  // The first turn of the event loop always ends.
  const turns = endOfTurn()
    .then(() => endOfTurn())
    .then(() => over.abort());
  let calls = 0;
  for (; !over.signal.aborted && calls < 100; calls += 1) {
    await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  }
  expect(calls).toBeLessThan(100);
  await turns;
});

test.each([
  ['a timer does not keep the process alive', 'clock.after(60_000, () => undefined);', ''],
  ['a pause keeps the process alive', "await clock.pause(10); console.log('over');", 'over\n'],
])('%s', (_, work, printed) => {
  const { status, signal, stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { SystemClock } from './dist/clock/system-clock.js';
       const clock = new SystemClock();
       clock.afterBacklog(() => undefined);
       ${work}`,
    ],
    { timeout: 20_000, encoding: 'utf8' },
  );
  expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: printed });
});
