import { pause } from '../../../src/process/time.js';
import type { Address } from '../../kit/http/connection.js';
import { RawClient } from './raw-client.js';

/** How long a client waits for an answer that may never come, in milliseconds. */
const ANSWER_MS = 300;

/** How many bytes to send one at a time. More would test nothing new. */
const SINGLE_BYTES = 160;

/** Sends bytes and ends the connection in some way. `cut` (0..1) is the part of the bytes to send, for endings midway. */
export type Ending = (address: Address, text: string, cut: number) => Promise<RawClient>;

const resetAtOnce: Ending = async (address, text) => {
  const client = await RawClient.to(address);
  await client.sent(text);
  client.reset();
  return client;
};

/** The answer cannot be delivered. */
const resetUnread: Ending = async (address, text) => {
  const client = await RawClient.to(address, { reads: false });
  await client.sent(text);
  await pause(10);
  client.reset();
  return client;
};

const resetWhenAnswered: Ending = async (address, text) => {
  const client = (await RawClient.to(address)).send(text);
  await client.until(() => client.received !== '', ANSWER_MS);
  client.reset();
  return client;
};

const resetMidway: Ending = (address, text, cut) => resetAtOnce(address, beginning(text, cut), 1);

const finish: Ending = async (address, text) => {
  const client = (await RawClient.to(address)).send(text);
  client.finish();
  return client;
};

const finishMidway: Ending = (address, text, cut) => finish(address, beginning(text, cut), 1);

const cutAtOnce: Ending = async (address, text) => {
  const client = (await RawClient.to(address)).send(text);
  client.cut();
  return client;
};

/** Reads the answer and leaves its own half open. The server must not wait for it to close. */
const neverFinish: Ending = async (address, text) => {
  const client = (await RawClient.to(address)).send(text);
  await client.until(() => false, ANSWER_MS);
  if (!client.isOver) client.reset();
  return client;
};

/** Keeps sending after the server has answered. */
const keepSending: Ending = async (address, text) => {
  const client = (await RawClient.to(address)).send(text);
  await client.until(() => client.received !== '', ANSWER_MS);
  for (let times = 0; times < 5; times += 1) await client.sent('more\r\n\r\n');
  client.reset();
  return client;
};

const byteByByte: Ending = async (address, text) => {
  const client = await RawClient.to(address);
  for (const byte of text.slice(0, SINGLE_BYTES)) await client.sent(byte);
  client.reset();
  return client;
};

export const ENDINGS = {
  'a reset at once': resetAtOnce,
  'a reset with an unread answer': resetUnread,
  'a reset after the answer': resetWhenAnswered,
  'a reset midway': resetMidway,
  'a FIN at once': finish,
  'a FIN midway': finishMidway,
  'a cut at once': cutAtOnce,
  'no FIN ever': neverFinish,
  'bytes after the answer': keepSending,
  'byte by byte': byteByByte,
} as const satisfies Readonly<Record<string, Ending>>;

function beginning(text: string, cut: number): string {
  return text.slice(0, Math.ceil(text.length * cut));
}
