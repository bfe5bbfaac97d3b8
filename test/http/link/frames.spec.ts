import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { FrameReader, FrameWriter, type Piece } from '../../../src/http/link/frames.js';
import { ManualClock } from '../../support/manual-clock.js';

interface Frame {
  readonly kind: number;
  readonly id: number;
  readonly content: string;
}

const SENT: readonly Frame[] = [
  { kind: 1, id: 1, content: 'caf\u00e9' },
  { kind: 255, id: 0xffff_ffff, content: '' },
  { kind: 3, id: 0, content: 'x'.repeat(1000) },
];

function readerInto(frames: Frame[], lengthMax = 10_000): FrameReader {
  return new FrameReader(lengthMax, (kind, id, content) =>
    frames.push({ kind, id, content: content.toString() }),
  );
}

async function bytesOf(frames: readonly Frame[]): Promise<Buffer> {
  const stream = new PassThrough();
  const writer = new FrameWriter(stream, new ManualClock());
  for (const { kind, id, content } of frames) {
    const [text, bytes] = [content.slice(0, 4), Buffer.from(content.slice(4))];
    const pieces: Piece[] = [
      { data: text, encoding: 'utf8' },
      { data: bytes, encoding: 'utf8' },
    ];
    writer.send(kind, id, pieces);
  }
  return new Promise((resolve) => {
    stream.once('data', resolve);
  });
}

test.each([1, 2, 3, 8, 9, 10, 500, 5_000])('frames arrive in pieces of %i bytes', async (size) => {
  const bytes = await bytesOf(SENT);
  const frames: Frame[] = [];
  const reader = readerInto(frames);

  for (let start = 0; start < bytes.length; start += size) reader.read(bytes.subarray(start, start + size));

  expect(frames).toEqual(SENT);
});

test('frames of one turn of the event loop are sent in one piece', async () => {
  const frames: Frame[] = [];
  readerInto(frames).read(await bytesOf([...SENT, ...SENT]));
  expect(frames).toHaveLength(6);
});

test.each([
  ['too short to be one', [0, 0, 0, 4, 1, 0, 0, 0]],
  ['longer than allowed', [0, 0, 0x27, 0x11, 1, 0, 0, 0, 0]],
  ['text', [...Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
])('a frame that is %s is refused', (_, bytes) => {
  const frames: Frame[] = [];
  expect(() => readerInto(frames).read(Buffer.from(bytes))).toThrow(RangeError);
  expect(frames).toEqual([]);
});
