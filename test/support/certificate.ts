import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** A PEM file with the certificate, which is its own authority. */
  readonly caFile: string;
}

/** Makes a certificate that vouches for itself, for some names and addresses. Its files go with the process. */
export function makeCertificate(names = 'DNS:localhost,DNS:receiver.test,IP:127.0.0.1'): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'octostore-certificate-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const keyFile = join(folder, 'key.pem');
  const caFile = join(folder, 'cert.pem');
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', '/CN=octostore test', '-addext', `subjectAltName=${names}`];
  const files = ['-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', [...request, ...subject, ...files], { stdio: 'ignore' });
  return { key: readFileSync(keyFile), cert: readFileSync(caFile), caFile };
}
