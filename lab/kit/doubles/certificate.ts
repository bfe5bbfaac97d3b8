import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** A PEM file with the certificate, for clients that should trust it. */
  readonly caFile: string;
}

let folder: string | null = null;
let made = 0;

/** The folder with this process's certificates. It is deleted on exit. */
function certificateFolder(): string {
  if (folder !== null) return folder;
  const created = mkdtempSync(join(tmpdir(), 'octostore-certificates-'));
  process.once('exit', () => rmSync(created, { recursive: true, force: true }));
  folder = created;
  return created;
}

/** Makes a self-signed certificate for some names and addresses. Its files are deleted when the process exits. */
export function makeCertificate(names = 'DNS:localhost,DNS:receiver.test,IP:127.0.0.1'): TestCertificate {
  made += 1;
  const keyFile = join(certificateFolder(), `key-${made}.pem`);
  const caFile = join(certificateFolder(), `certificate-${made}.pem`);
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', '/CN=octostore test', '-addext', `subjectAltName=${names}`];
  const files = ['-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', [...request, ...subject, ...files], { stdio: 'ignore' });
  return { key: readFileSync(keyFile), cert: readFileSync(caFile), caFile };
}
