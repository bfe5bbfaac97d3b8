import { expect, test } from 'vitest';
import { acquireRequest } from '../support/law.js';
import { StoreRig } from '../support/store.js';

const READERS = 2_500;

test('more readers than one step serves all get the lock when the writer releases it', async () => {
  const rig = await StoreRig.open({
    maxWaitersPerUser: READERS,
    maxLocksPerUser: READERS,
    maxWaiters: READERS,
  });
  const writer = await rig.grant('a');
  const answers = Array.from({ length: READERS }, (_, index) =>
    rig.wait(acquireRequest('a', { user: `u${index}`, mode: 'shared' })),
  );
  await rig.release(writer);
  const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['acquired']));
});
