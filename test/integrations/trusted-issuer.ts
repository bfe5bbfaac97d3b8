import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { IssuerDouble } from '../../lab/kit/doubles/issuer-double.js';
import { startServer, type TestServer } from '../support/server.js';
import { makeFolder } from '../support/temp-folder.js';

/** The audience that the server demands. */
export const AUDIENCE = 'https://locks.example.com';

/** A server, and the issuer of a CI platform that it trusts. */
export interface TrustedIssuer {
  readonly server: TestServer;
  /** A token for a job, as the platform would sign it. */
  tokenFor(subject: string, claims?: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

/** @param subjects the patterns of subjects that may exchange their tokens. */
export async function startTrusting(subjects: readonly string[]): Promise<TrustedIssuer> {
  const folder = makeFolder();
  const issuer = await IssuerDouble.start();
  const file = join(folder.path, 'issuers.yaml');
  const entry = { issuer: issuer.url, audience: AUDIENCE, subjects, ca_file: issuer.certificate.caFile };
  writeFileSync(file, JSON.stringify({ issuers: [entry] }));
  const server = await startServer({ TRUSTED_ISSUERS_FILE: file });
  return {
    server,
    tokenFor: (sub, claims = {}) => {
      const iat = Math.floor(Date.now() / 1000);
      return issuer.sign({ sub, aud: AUDIENCE, iat, exp: iat + 3600, ...claims });
    },
    close: async () => {
      await server.close();
      await issuer.close();
      folder.remove();
    },
  };
}
