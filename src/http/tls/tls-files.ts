import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config.js';

/** Where the server's certificate and its key are, both in PEM. */
export interface TlsPaths {
  /** The certificate, followed by those between it and the authority. */
  readonly certFile: string;
  readonly keyFile: string;
}

/** A certificate and the key that belongs to it. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the server's certificate and key. Throws `ConfigError` if they cannot be used together. */
export function readTlsIdentity({ certFile, keyFile }: TlsPaths): TlsIdentity {
  const cert = readSetting('TLS_CERT_FILE', certFile);
  const key = readSetting('TLS_KEY_FILE', keyFile);
  const certificate = parsed('TLS_CERT_FILE', certFile, 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed('TLS_KEY_FILE', keyFile, 'unencrypted private key', () => createPrivateKey(key));
  if (certificate.checkPrivateKey(privateKey)) return { cert, key };
  throw new ConfigError([`TLS_KEY_FILE: ${keyFile} is not the key of the certificate in ${certFile}.`]);
}

function readSetting(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigError([`${setting}: ${path} cannot be read.`]);
  }
}

function parsed<T>(setting: string, path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new ConfigError([`${setting}: ${path} holds no ${what} in PEM.`]);
  }
}
