import { spawnSync } from 'node:child_process';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';

test('afterBacklog runs each task once, in order, and not at once', async () => {
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

test('the event loop goes on while a task asks again and again', async () => {
  const clock = new SystemClock();
  const over = new AbortController();
  // The first turn ends in any case.
  const turns = endOfTurn()
    .then(() => endOfTurn())
    .then(() => over.abort());
  let asked = 0;
  for (; !over.signal.aborted && asked < 100; asked += 1) {
    await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  }
  expect(asked).toBeLessThan(100);
  await turns;
});

test.each([
  ['nothing keeps a process alive that is only to happen', 'clock.after(60_000, () => undefined);', ''],
  ['a pause keeps it alive', "await clock.pause(10); console.log('over');", 'over\n'],
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
