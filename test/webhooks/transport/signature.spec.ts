import { describe, expect, test } from 'vitest';
import { isUsableSecret } from '../../../src/webhooks/transport/signature.js';

describe('a secret', () => {
  test.each(['x', 'my-secret-key', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec', 'WHSEC_?'])(
    'may be %s',
    (secret) => {
      expect(isUsableSecret(secret)).toBe(true);
    },
  );

  test.each(['', 'whsec_', 'whsec_?', 'whsec_abc', 'whsec_ab cd'])('may not be %j', (secret) => {
    expect(isUsableSecret(secret)).toBe(false);
  });
});
