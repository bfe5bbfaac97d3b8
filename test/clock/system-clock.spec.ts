import { spawnSync } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
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

test('afterBacklog comes after the input that was waiting', async () => {
  const clock = new SystemClock();
  let bytes = 0;
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    if (accepted === 50) server.emit('full');
    socket.on('data', (data) => (bytes += data.length));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await Promise.all([once(server, 'full'), ...sockets.map((socket) => once(socket, 'connect'))]);
  // The last of them is listened to from the next turn on.
  await new Promise<void>((resolve) => clock.defer(resolve));
  for (const socket of sockets) socket.write('.');
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  await new Promise<void>((resolve) => clock.afterBacklog(resolve));
  expect(bytes).toBe(50);
});

test('a clock alone keeps no process alive', () => {
  const { status, signal } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { SystemClock } from './dist/clock/system-clock.js';
       const clock = new SystemClock();
       clock.afterBacklog(() => undefined);
       clock.after(60_000, () => undefined);`,
    ],
    { timeout: 20_000 },
  );
  expect({ status, signal }).toEqual({ status: 0, signal: null });
});
