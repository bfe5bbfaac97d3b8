import { expect, onTestFinished, test, vi } from 'vitest';
import type { ReleaseRequest } from '../../../sdks/typescript/src/index.js';
import { ReleaseNotices } from '../../../sdks/typescript/src/release-notices.js';

const REQUEST: ReleaseRequest = { by: 'bob', message: null, at: new Date(0) };

/** A listener, and the notices that it listens to. */
function listening() {
  const notices = new ReleaseNotices();
  const heard: ReleaseRequest[] = [];
  notices.listen((request) => heard.push(request));
  return { notices, heard };
}

test('each request is told once, and told again only if it is another one', async () => {
  const { notices, heard } = listening();
  const [later, said] = [
    { ...REQUEST, at: new Date(1) },
    { ...REQUEST, message: 'please' },
  ];
  for (const request of [REQUEST, { ...REQUEST, at: new Date(0) }, null, REQUEST, later, later, said]) {
    notices.show(request);
    expect(notices.current).toBe(request);
  }
  await Promise.resolve();
  expect(heard).toEqual([REQUEST, later, said]);
});

test('a listener learns of a request that none has heard of, and of no other', async () => {
  const notices = new ReleaseNotices();
  notices.show(REQUEST);
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];
  notices.listen(first);
  notices.listen(second);
  await Promise.resolve();
  expect(first).toHaveBeenCalledOnce();
  expect(second).not.toHaveBeenCalled();
});

test('an error of the listener is its own, and not one of the renewal', () => {
  const notices = new ReleaseNotices();
  let tell: () => void = () => undefined;
  vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((told) => (tell = told));
  onTestFinished(() => void vi.restoreAllMocks());
  notices.listen(() => {
    throw new Error('mine');
  });
  notices.show(REQUEST);
  expect(() => tell()).toThrow('mine');
});
