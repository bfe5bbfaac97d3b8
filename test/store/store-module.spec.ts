import { expect, test } from 'vitest';
import { StoreModule } from '../../src/store/store.module.js';
import { acquireRequest } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

test('the store ends its term with the application, and refuses all waiters', async () => {
  const rig = await StoreRig.open();
  await rig.grant('a');
  const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' })));
  await new StoreModule(rig.store).onApplicationShutdown();
  await settleDown();
  expect(rig.store.admission.status).toBe('closed');
  expect(waiter).toMatchObject({ status: 'rejected', reason: { code: 'shutting_down' } });
});
