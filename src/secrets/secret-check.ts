import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt) as (secret: string, salt: Buffer, length: number) => Promise<Buffer>;

const KIND = 'scrypt';
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What can be stored to recognize a secret key later. It is slow to compute, so that the key cannot be guessed from it. */
export async function secretCheckOf(secretKey: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secretKey, salt, HASH_BYTES);
  return [KIND, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether this is the key that the check was made from. False for anything that is not a check. */
export async function matchesSecretCheck(check: string, secretKey: string): Promise<boolean> {
  const [kind, salt = '', hash = ''] = check.split('$');
  const expected = Buffer.from(hash, 'base64url');
  if (kind !== KIND || expected.length !== HASH_BYTES) return false;
  return timingSafeEqual(await derive(secretKey, Buffer.from(salt, 'base64url'), HASH_BYTES), expected);
}
