import { ConfigError } from '../../../config/config.js';
import type { DatabaseLocation } from '../../../installation/database-location.js';
import type { Journal } from '../../../journal/journal.js';
import { isOpenable as isKeyOpenable } from '../../../proofs/keys/proof-key.js';
import { keyFileOf } from '../../../secrets/key-file.js';
import { SecretBox } from '../../../secrets/secret-box.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import { isSecretOpenable } from '../../../webhooks/transport/webhook-sender.js';

/** Throws `ConfigError` if SECRET_KEY does not open the secrets in a database, because they would be lost. */
export async function checkSecrets(
  journal: Journal,
  location: DatabaseLocation,
  keys: SecretKeys,
): Promise<void> {
  const box = new SecretBox(keys);
  const webhooks = await journal.load('webhooks');
  const proofKeys = await journal.load('proof_keys');
  const lost =
    webhooks.filter(({ sealedSecret }) => sealedSecret !== null && !isSecretOpenable(sealedSecret, box))
      .length + proofKeys.filter((key) => !isKeyOpenable(key, box)).length;
  if (lost === 0) return;
  const used =
    location.engine === 'sqlite' ? `, or to the text in ${keyFileOf(location)} if it was not set` : '';
  throw new ConfigError([
    `SECRET_KEY: does not open ${lost} of the secrets in ${location.name}. Set it to the key of the server that used that database${used}`,
  ]);
}
