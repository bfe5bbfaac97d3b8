import { createHash } from 'node:crypto';

/** One of the forms in which a secret can turn up. */
export interface Trace {
  readonly form: string;
  /** Whether it tells the secret, whole or in part; a hash does not. */
  readonly isReadable: boolean;
  readonly bytes: Buffer;
}

/** Characters of a piece of a secret that must not turn up either: as many are no coincidence. */
const PIECE_LENGTH = 12;

/** Characters of a hash that are no coincidence. */
const HASH_PIECE_LENGTH = 16;

/** Whatever a secret may have been turned into on its way to where it must not be. It must have 8 characters or more. */
export function tracesOf(secret: string): readonly Trace[] {
  if (secret.length < 8) throw new Error('too short to be told from chance');
  const bytes = Buffer.from(secret);
  const hash = createHash('sha256').update(bytes).digest();
  return [
    ...piecesOf(secret).map((piece) => readable('as it is', piece)),
    readable('reversed', [...secret].toReversed().join('')),
    readable('UTF-16', Buffer.from(secret, 'utf16le')),
    ...eitherCase(bytes.toString('hex')).map((text) => readable('hex', text)),
    ...eitherCase(percentEncoded(bytes)).map((text) => readable('percent-encoded', text)),
    ...eitherCase(unicodeEscaped(secret)).map((text) => readable('escaped as in JSON', text)),
    ...base64Of(bytes).map((text) => readable('base64', text)),
    hashed('SHA-256', hash),
    ...eitherCase(hash.toString('hex').slice(0, HASH_PIECE_LENGTH)).map((text) =>
      hashed('SHA-256 in hex', text),
    ),
    hashed('SHA-256 in base64', hash.toString('base64').slice(0, HASH_PIECE_LENGTH)),
    hashed('SHA-256 in base64url', hash.toString('base64url').slice(0, HASH_PIECE_LENGTH)),
  ];
}

function readable(form: string, text: string | Buffer): Trace {
  return { form, isReadable: true, bytes: Buffer.from(text) };
}

function hashed(form: string, text: string | Buffer): Trace {
  return { form, isReadable: false, bytes: Buffer.from(text) };
}

/** The traces of a secret that are in some content; each form once. */
export function tracesIn(content: Buffer, traces: readonly Trace[]): Trace[] {
  const found = new Map<string, Trace>();
  for (const trace of traces)
    if (!found.has(trace.form) && content.includes(trace.bytes)) found.set(trace.form, trace);
  return [...found.values()];
}

/** The secret is found whole if all of its pieces are; a part of it is found by the pieces within. */
function piecesOf(secret: string): string[] {
  const length = Math.min(PIECE_LENGTH, secret.length);
  return Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length));
}

function eitherCase(text: string): string[] {
  return [...new Set([text.toLowerCase(), text.toUpperCase()])];
}

function percentEncoded(bytes: Buffer): string {
  return [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function unicodeEscaped(text: string): string {
  return text
    .split('')
    .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** What stays the same of the base64 of any text that holds the bytes, for each of the three places they can begin at. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(start, end));
  });
}
