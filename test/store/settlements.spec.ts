import { expect, test, vi } from 'vitest';
import { WaitingClients } from '../../src/store/wait/waiting-clients.js';
import { StoreRig } from '../support/store.js';

test('a command that answers no waiter does no work for waiters', async () => {
  const answerAll = vi.spyOn(WaitingClients.prototype, 'answerAll');
  const rig = await StoreRig.open();
  await rig.grant('a');
  await rig.store.settled();
  expect(answerAll).not.toHaveBeenCalled();
  answerAll.mockRestore();
});
