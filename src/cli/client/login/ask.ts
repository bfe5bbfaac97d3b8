import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { exitCodeOf } from '../run/signals.js';

/** A line that is typed or pasted on the terminal, without an echo. */
export function askSecretly(question: string): Promise<string> {
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: mute, terminal: true });
  // Only now, since what is pasted before the reader is there would be echoed.
  process.stderr.write(question);
  return new Promise((resolve) => {
    let line = '';
    reader.once('line', (text) => {
      line = text;
      reader.close();
    });
    // The terminal hands over Ctrl-C as a character while it does not echo.
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

/** All of standard input. */
export async function readInput(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) text += String(piece);
  return text;
}
