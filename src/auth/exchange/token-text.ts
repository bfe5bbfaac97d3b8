import { RefusedToken } from './refused-token.js';
import { parseStrictObject, type JsonObject } from './strict-json.js';

/** The most characters of a token. Those of CI services have 1,000 to 3,000. */
export const SUBJECT_TOKEN_LENGTH_MAX = 8 * 1024;

/** A signed token, taken apart. Nothing in it is proven yet. */
export interface TokenText {
  readonly text: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

const PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

const JWT_TYPE = /^(?:application\/)?jwt$/i;

/** Throws `RefusedToken`. */
export function readToken(text: string): TokenText {
  const [, headerText, claimsText] = PARTS.exec(text) ?? [];
  const header = objectIn(headerText);
  const claims = objectIn(claimsText);
  if (header === null || claims === null) throw new RefusedToken('It is not a signed JSON Web Token.');
  assertUsualHeader(header);
  return { text, header, claims };
}

function objectIn(part: string | undefined): JsonObject | null {
  if (part === undefined) return null;
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? parseStrictObject(bytes) : null;
}

/** A token of another type was made for something else. What `crit` names must be understood, and we understand nothing of the kind. */
function assertUsualHeader({ typ, crit, b64 }: JsonObject): void {
  if (typ !== undefined && (typeof typ !== 'string' || !JWT_TYPE.test(typ)))
    throw new RefusedToken('Its type is not JWT, so it is meant for something else.');
  if (crit !== undefined || b64 !== undefined)
    throw new RefusedToken('Its header has extensions that this server does not know.');
}
