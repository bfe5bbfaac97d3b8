import { pause } from '../../../src/process/time.js';
import type { Address } from '../../kit/http/connection.js';
import { Wire } from './wire.js';

/** Milliseconds that a client waits for an answer to what may deserve none. */
const ANSWER_MS = 300;

/** Far more bytes than this, one at a time, are no other case. */
const SINGLE_BYTES = 160;

/** Sends bytes and ends the connection in one of the ways there are. `cut` (0..1) says after how much of them, where that matters. */
export type Ending = (address: Address, text: string, cut: number) => Promise<Wire>;

const resetAtOnce: Ending = async (address, text) => {
  const wire = await Wire.to(address);
  await wire.sent(text);
  wire.reset();
  return wire;
};

/** What was answered cannot be delivered. */
const resetUnread: Ending = async (address, text) => {
  const wire = await Wire.to(address, { reads: false });
  await wire.sent(text);
  await pause(10);
  wire.reset();
  return wire;
};

const resetWhenAnswered: Ending = async (address, text) => {
  const wire = (await Wire.to(address)).send(text);
  await wire.until(() => wire.received !== '', ANSWER_MS);
  wire.reset();
  return wire;
};

const resetMidway: Ending = (address, text, cut) => resetAtOnce(address, beginning(text, cut), 1);

const finish: Ending = async (address, text) => {
  const wire = (await Wire.to(address)).send(text);
  wire.finish();
  return wire;
};

const finishMidway: Ending = (address, text, cut) => finish(address, beginning(text, cut), 1);

const cutAtOnce: Ending = async (address, text) => {
  const wire = (await Wire.to(address)).send(text);
  wire.cut();
  return wire;
};

/** Takes the answer and leaves its own half open. The server must not wait for the end of that. */
const neverFinish: Ending = async (address, text) => {
  const wire = (await Wire.to(address)).send(text);
  await wire.until(() => false, ANSWER_MS);
  if (!wire.isOver) wire.reset();
  return wire;
};

/** Goes on talking after the server has said its last. */
const talkOn: Ending = async (address, text) => {
  const wire = (await Wire.to(address)).send(text);
  await wire.until(() => wire.received !== '', ANSWER_MS);
  for (let times = 0; times < 5; times += 1) await wire.sent('more\r\n\r\n');
  wire.reset();
  return wire;
};

const byteByByte: Ending = async (address, text) => {
  const wire = await Wire.to(address);
  for (const byte of text.slice(0, SINGLE_BYTES)) await wire.sent(byte);
  wire.reset();
  return wire;
};

export const ENDINGS = {
  'a reset at once': resetAtOnce,
  'a reset of what nobody reads': resetUnread,
  'a reset when answered': resetWhenAnswered,
  'a reset midway': resetMidway,
  'a FIN at once': finish,
  'a FIN midway': finishMidway,
  'a cut at once': cutAtOnce,
  'no FIN ever': neverFinish,
  'talk without end': talkOn,
  'byte by byte': byteByByte,
} as const satisfies Readonly<Record<string, Ending>>;

function beginning(text: string, cut: number): string {
  return text.slice(0, Math.ceil(text.length * cut));
}
