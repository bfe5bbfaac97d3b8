import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { ConfigError } from '../../config/config.js';
import { readText } from '../../config/text-file.js';

/**
 * A TLS context that trusts the usual certificate authorities and those in a PEM file. Share one among all connections:
 * reading some 140 certificates blocks the process for 30 ms.
 *
 * @param setting the name of the setting with the path.
 * @throws `ConfigError` if the file cannot be read or holds no certificate.
 */
export function contextTrusting(setting: string, path: string): SecureContext {
  try {
    const certificates = readText(path);
    void new X509Certificate(certificates);
    return createSecureContext({ ca: [...rootCertificates, certificates] });
  } catch {
    throw new ConfigError([`${setting}: ${path} cannot be used. Set a readable file with PEM certificates.`]);
  }
}
