import { expect, test } from 'vitest';
import { WaitingClients } from '../../src/store/wait/waiting-clients.js';
import { ManualClock } from '../support/manual-clock.js';
import { Law } from '../support/law.js';

/** A clock on which the input that waits is taken only when the test says so. */
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
  const told: number[] = [];
  const ids = Array.from({ length: size }, () => waiting.nextId());
  for (const id of ids) {
    waiting.wait(id).then(
      () => told.push(id),
      () => told.push(id),
    );
  }
  return { clock, waiting, ids, told };
}

/** Has everything happen that waits for nothing but its turn. */
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('thousands that are sent away at once are told a few at a time, in order', async () => {
  const { clock, waiting, ids, told } = waitingCrowd(2_000);
  for (const id of ids) waiting.answer(id, { kind: 'session_expired' });
  await microtasks();
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(50);
  for (let turn = 0; turn < 200; turn += 1) {
    clock.takeBacklog();
    await microtasks();
  }
  expect(told).toEqual(ids);
});

test('a grant is told at once, however many are being sent away', async () => {
  const { waiting, ids, told } = waitingCrowd(1_000);
  const [granted, ...others] = ids.toReversed();
  if (granted === undefined) throw new Error('nobody waits');
  for (const id of others) waiting.answer(id, { kind: 'session_expired' });
  waiting.answer(granted, { kind: 'acquired', lease: new Law().grant('a') });
  await microtasks();
  expect(told).toContain(granted);
  expect(told.length).toBeLessThan(50);
});

test('those that are yet to be told fail with the rest', async () => {
  const { clock, waiting, ids, told } = waitingCrowd(100);
  for (const id of ids.slice(0, 50)) waiting.answer(id, { kind: 'session_expired' });
  waiting.failAll(new Error('the store has stopped'));
  await microtasks();
  for (let turn = 0; turn < 10; turn += 1) clock.takeBacklog();
  await microtasks();
  expect(told.length).toBe(100);
  expect(waiting.ids()).toEqual([]);
});
