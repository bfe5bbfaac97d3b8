import { createHash } from 'node:crypto';

/** One form in which a secret can leak. */
export interface Trace {
  readonly form: string;
  /** Whether it reveals the secret, in whole or in part. A hash does not. */
  readonly isReadable: boolean;
  readonly bytes: Buffer;
}

/** Characters. A piece of a secret that is this long cannot appear by chance. */
const PIECE_LENGTH = 12;

/** Characters. A piece of a hash that is this long cannot appear by chance. */
const HASH_PIECE_LENGTH = 16;

/** The forms that a secret may have taken before it leaked. Throws if the secret has fewer than 8 characters. */
export function tracesOf(secret: string): readonly Trace[] {
  if (secret.length < 8) throw new Error('the secret is too short: a match could be a coincidence');
  const bytes = Buffer.from(secret);
  const hash = createHash('sha256').update(bytes).digest();
  return [
    ...piecesOf(secret).map((piece) => readable('unchanged', piece)),
    readable('reversed', [...secret].toReversed().join('')),
    readable('UTF-16', Buffer.from(secret, 'utf16le')),
    ...bothCases(bytes.toString('hex')).map((text) => readable('hex', text)),
    ...bothCases(percentEncoded(bytes)).map((text) => readable('percent-encoded', text)),
    ...bothCases(unicodeEscaped(secret)).map((text) => readable('escaped as in JSON', text)),
    ...base64Of(bytes).map((text) => readable('base64', text)),
    hashed('SHA-256', hash),
    ...bothCases(hash.toString('hex').slice(0, HASH_PIECE_LENGTH)).map((text) =>
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

/** The traces of a secret that some content contains, each form once. */
export function tracesIn(content: Buffer, traces: readonly Trace[]): Trace[] {
  const found = new Map<string, Trace>();
  for (const trace of traces)
    if (!found.has(trace.form) && content.includes(trace.bytes)) found.set(trace.form, trace);
  return [...found.values()];
}

/** All substrings of the length that is searched for, so that a part of the secret is found too. */
function piecesOf(secret: string): string[] {
  const length = Math.min(PIECE_LENGTH, secret.length);
  return Array.from({ length: secret.length - length + 1 }, (_, at) => secret.slice(at, at + length));
}

function bothCases(text: string): string[] {
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

/** The part of a base64 text that depends only on these bytes, for each of the three offsets they can start at. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(start, end));
  });
}
