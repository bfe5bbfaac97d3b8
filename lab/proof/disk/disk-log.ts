import { readFileSync, writeSync } from 'node:fs';
import type { Note } from './notes.js';

/** The files of a database, by their suffix. */
export type FileSuffix = '' | '-wal' | '-journal';
const SUFFIXES: readonly (FileSuffix | null)[] = [null, '', '-wal', '-journal'];

/** An operation of a process on its disk, or a note of its clients. */
export type LogEntry =
  | { readonly kind: 'write'; readonly file: FileSuffix; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly file: FileSuffix; readonly size: number }
  | { readonly kind: 'sync' | 'sync-failed' | 'create' | 'remove'; readonly file: FileSuffix }
  | { readonly kind: 'sync-folder' }
  | { readonly kind: 'note'; readonly note: Note };

/** The size of the shim's `struct record`. */
const HEADER_BYTES = 16;
const NOTE_OPERATION = 100;

/** Appends a note to the shim's log in one system call, so that its position is exact. */
export function appendNote(logFile: number, note: Note): void {
  const text = Buffer.from(JSON.stringify(note));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(text.length, 0);
  header.writeUInt8(NOTE_OPERATION, 4);
  const record = Buffer.concat([header, text]);
  if (writeSync(logFile, record) !== record.length) throw new Error('the log is full');
}

export function readDiskLog(path: string): LogEntry[] {
  const bytes = readFileSync(path);
  const entries: LogEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    const data = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length);
    entries.push(entryOf(bytes.subarray(at, at + HEADER_BYTES), data));
    at += HEADER_BYTES + length;
  }
  return entries;
}

function entryOf(header: Buffer, data: Buffer): LogEntry {
  const operation = header.readUInt8(4);
  const offset = Number(header.readBigInt64LE(8));
  if (operation === NOTE_OPERATION) return { kind: 'note', note: JSON.parse(data.toString()) as Note };
  if (operation === 6) return { kind: 'sync-folder' };
  const file = SUFFIXES[header.readUInt8(5)];
  if (file === undefined || file === null) throw new Error('this is not a log of the shim');
  switch (operation) {
    case 1:
      return { kind: 'write', file, offset, data };
    case 2:
      return { kind: 'sync', file };
    case 3:
      return { kind: 'truncate', file, size: offset };
    case 4:
      return { kind: 'create', file };
    case 5:
      return { kind: 'remove', file };
    case 7:
      return { kind: 'sync-failed', file };
    default:
      throw new Error(`the log has an unknown operation ${operation}`);
  }
}
