import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from '../../../sdks/typescript/src/event-stream.js';

const STREAM =
  ': hello\n\nevent: state\nid: 7\ndata: {"a":\ndata: 1}\n\nid:8\r\ndata:x\r\n\r\nevent: lonely\n\ndata: rest';
const FRAMES = [
  { event: 'state', id: '7', data: '{"a":\n1}' },
  { event: 'message', id: '8', data: 'x' },
];

test('frames are the same wherever the stream is split', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
      const reader = new FrameReader();
      const frames = places.slice(1).flatMap((end, at) => reader.read(STREAM.slice(places[at], end)));
      expect(frames).toEqual(FRAMES);
    }),
  );
});
