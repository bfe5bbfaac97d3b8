import { expect, test } from 'vitest';
import { WaitingClients } from '../../src/store/wait/waiting-clients.js';
import { ManualClock } from '../support/manual-clock.js';

test('tickets are numbered from 1', () => {
  const waiting = new WaitingClients(new ManualClock());
  expect([waiting.nextId(), waiting.nextId()]).toEqual([1, 2]);
});

test('an error reaches the named clients, and no others', async () => {
  const waiting = new WaitingClients(new ManualClock());
  const [failed, other] = [waiting.nextId(), waiting.nextId()];
  const error = new Error('the disk is gone');
  const answer = waiting.wait(failed);
  void waiting.wait(other);
  waiting.failThese([{ ticketId: failed }], error);
  await expect(answer).rejects.toBe(error);
  expect(waiting.ids()).toEqual([other]);
});
