import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config.js';

/** The files of the server's certificate and key, both in PEM. */
export interface TlsPaths {
  /** The certificate, followed by the intermediate certificates. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate and the key that belongs to it. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the server's certificate and key. Throws `ConfigError` if they do not belong together. */
export function readTlsIdentity({ certFile, keyFile }: TlsPaths): TlsIdentity {
  const cert = readSetting('TLS_CERT_FILE', certFile);
  const key = readSetting('TLS_KEY_FILE', keyFile);
  const certificate = parsed('TLS_CERT_FILE', certFile, 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed('TLS_KEY_FILE', keyFile, 'unencrypted private key', () => createPrivateKey(key));
  if (certificate.checkPrivateKey(privateKey)) return { cert, key };
  throw new ConfigError([
    `TLS_KEY_FILE: ${keyFile} is not the key of the certificate in ${certFile}. Set two files that belong together.`,
  ]);
}

function readSetting(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigError([`${setting}: ${path} cannot be read. Check the path and its permissions.`]);
  }
}

function parsed<T>(setting: string, path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new ConfigError([`${setting}: ${path} has no ${what} in PEM format. Set another file.`]);
  }
}
