import { describe, expect, test } from 'vitest';
import type { UserId } from '../../src/core/model/ids.js';
import { StreamBuffers, type BufferedStream, type StreamAccount } from '../../src/events/stream-buffers.js';

class FakeStream implements BufferedStream {
  waitingBytes = 0;
  isOpen = true;
  readonly #account: StreamAccount;

  constructor(buffers: StreamBuffers, user: string) {
    this.#account = buffers.open(user as UserId, this);
  }

  write(bytes: number): void {
    this.waitingBytes += bytes;
    this.#account.changed(bytes);
  }

  destroy(): void {
    this.isOpen = false;
    this.write(-this.waitingBytes);
  }
}

describe('bytes that wait for slow readers', () => {
  test('are counted until they are read or the stream is cut off', () => {
    const buffers = new StreamBuffers({ perUser: 100, all: 1_000 });
    const stream = new FakeStream(buffers, 'ann');
    stream.write(60);
    stream.write(-20);
    expect(buffers.bytes).toBe(40);
    stream.destroy();
    expect(buffers.bytes).toBe(0);
  });

  test('have a limit per user: the user’s streams with the most bytes are cut off, and never those of others', () => {
    const buffers = new StreamBuffers({ perUser: 100, all: 1_000 });
    const [full, fuller, reading, other] = ['ann', 'ann', 'ann', 'bob'].map(
      (user) => new FakeStream(buffers, user),
    );
    other?.write(90);
    full?.write(40);
    fuller?.write(55);
    reading?.write(10);
    expect([full, fuller, reading, other].map((stream) => stream?.isOpen)).toEqual([true, false, true, true]);
    expect(buffers.cut).toEqual({ stream: 0, user: 1, all: 0 });
    expect(buffers.bytes).toBe(140);
  });

  test('have a limit for all users: the user with the most bytes loses streams, not the latest user', () => {
    const buffers = new StreamBuffers({ perUser: 100, all: 150 });
    const [big, small] = [new FakeStream(buffers, 'ann'), new FakeStream(buffers, 'bob')];
    big.write(100);
    small.write(60);
    expect([big.isOpen, small.isOpen]).toEqual([false, true]);
    expect(buffers.cut).toEqual({ stream: 0, user: 0, all: 1 });
    expect(buffers.bytes).toBe(60);
  });
});
