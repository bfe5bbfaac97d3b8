import { readFileSync } from 'node:fs';

const UTF8_MARK = /^\uFEFF/;

/**
 * Reads a text file in UTF-8 with or without a byte order mark, or in UTF-16 with one, as Windows writes it. Line ends of any
 * system become `\n`. Bytes that are not UTF-8 become U+FFFD. Throws the system's error.
 */
export function readText(path: string): string {
  return decode(readFileSync(path)).replace(UTF8_MARK, '').replaceAll(/\r\n?/g, '\n');
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le');
  if (first === 0xfe && second === 0xff) return swapped(bytes).toString('utf16le');
  return bytes.toString('utf8');
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
