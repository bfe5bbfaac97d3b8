import { expect, test } from 'vitest';
import { WaitingClients } from '../../src/store/wait/waiting-clients.js';
import { ManualClock } from '../support/manual-clock.js';
import { Law } from '../support/law.js';

/** A clock on which waiting input is read only when the test says so. */
class SlowClock extends ManualClock {
  #tasks: (() => void)[] = [];

  override afterBacklog(task: () => void): void {
    this.#tasks.push(task);
  }

  takeBacklog(): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}

function waitingCrowd(size: number) {
  const clock = new SlowClock();
  const waiting = new WaitingClients(clock);
  const answered: number[] = [];
  const ids = Array.from({ length: size }, () => waiting.nextId());
  for (const id of ids) {
    waiting.wait(id).then(
      () => answered.push(id),
      () => answered.push(id),
    );
  }
  return { clock, waiting, ids, answered };
}

/** Runs everything that waits only for its turn. */
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('thousands that are refused at once are answered a few at a time, in order', async () => {
  const { clock, waiting, ids, answered } = waitingCrowd(2_000);
  for (const id of ids) waiting.answer(id, { kind: 'session_expired' });
  await microtasks();
  expect(answered.length).toBeGreaterThan(0);
  expect(answered.length).toBeLessThan(50);
  for (let turn = 0; turn < 200; turn += 1) {
    clock.takeBacklog();
    await microtasks();
  }
  expect(answered).toEqual(ids);
});

test('a grant is answered at once, however many are being refused', async () => {
  const { waiting, ids, answered } = waitingCrowd(1_000);
  const [granted, ...others] = ids.toReversed();
  if (granted === undefined) throw new Error('no one waits');
  for (const id of others) waiting.answer(id, { kind: 'session_expired' });
  waiting.answer(granted, { kind: 'acquired', lease: new Law().grant('a') });
  await microtasks();
  expect(answered).toContain(granted);
  expect(answered.length).toBeLessThan(50);
});

test('waiters without an answer fail with the rest', async () => {
  const { clock, waiting, ids, answered } = waitingCrowd(100);
  for (const id of ids.slice(0, 50)) waiting.answer(id, { kind: 'session_expired' });
  waiting.failAll(new Error('the store has stopped'));
  await microtasks();
  for (let turn = 0; turn < 10; turn += 1) clock.takeBacklog();
  await microtasks();
  expect(answered.length).toBe(100);
  expect(waiting.ids()).toEqual([]);
});
