import { existsSync, readFileSync } from 'node:fs';
import { rootCertificates, type ConnectionOptions } from 'node:tls';
import type { PostgresHost, PostgresTls } from '../../../installation/postgres-location.js';
import { UnusableDatabaseError } from '../../errors.js';

/** Where systems keep the certificates that they trust. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * How to encrypt a connection to a host. The files are read for each connection, so that they can be replaced. False for a Unix
 * socket, where no one can listen in. Throws `UnusableDatabaseError`.
 */
export function tlsOptions(tls: PostgresTls, { host }: PostgresHost): ConnectionOptions | false {
  if (tls.mode === 'disable' || host.startsWith('/')) return false;
  return { rejectUnauthorized: true, ca: tls.caFile === null ? systemCertificates() : [readCa(tls.caFile)] };
}

function systemCertificates(): string[] {
  const bundle = SYSTEM_BUNDLES.find((path) => existsSync(path));
  return bundle === undefined ? [...rootCertificates] : [...rootCertificates, readFileSync(bundle, 'utf8')];
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UnusableDatabaseError(
      `The file ${path} with the certificates of the database cannot be read. Check sslrootcert in DATABASE_URL.`,
      { cause },
    );
  }
}
