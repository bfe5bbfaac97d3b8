import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { exitCodeOf } from '../run/signals.js';

/** Reads a line from the terminal without showing it. */
export function askSecretly(question: string): Promise<string> {
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: mute, terminal: true });
  // Only now, because the terminal would show text that is pasted before the reader exists.
  process.stderr.write(question);
  return new Promise((resolve) => {
    let line = '';
    reader.once('line', (text) => {
      line = text;
      reader.close();
    });
    // Without echo, the terminal delivers Ctrl-C as a character.
    reader.once('SIGINT', () => {
      reader.close();
      process.exit(exitCodeOf('SIGINT'));
    });
    reader.once('close', () => {
      process.stderr.write('\n');
      resolve(line);
    });
  });
}

/** Reads all of standard input. */
export async function readInput(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) text += String(piece);
  return text;
}
