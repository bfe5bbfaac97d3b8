import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Logger } from '@nestjs/common';
import { parsedObject } from '../../audit/audit-record.js';
import { linesAfter } from '../../audit/read-records.js';
import { isSigned, parseHead, type GivenHead } from '../../audit/signed-head.js';
import { ChainVerifier, type Verified } from '../../audit/verify-chain.js';
import { SystemClock } from '../../clock/system-clock.js';
import { openJournal } from '../../journal/open-journal.js';
import { writeError } from '../../process/standard-error.js';
import { openSecretBox } from '../../secrets/open-secret-box.js';
import { EXIT } from '../shared/exit-codes.js';
import { Output } from '../shared/output.js';
import type { AuditOptions, VerifyOptions } from './audit-options.js';
import { runConfigured } from './config-options.js';
import type { Control } from './installation/control.js';
import { findInstallation } from './installation/find-installation.js';
import type { Installation } from './installation/installation.js';
import { UsageError } from './installation/usage-error.js';
import { controlAt } from './running-server.js';
import { RemoteServer } from './remote-server.js';

/** How many records are read at a time. */
const PAGE = 1_000;

/** Reads the records after a number. Empty at the end. */
type ReadPage = (after: number) => Promise<readonly string[]>;

/** `octostore audit export` */
export async function exportAudit(options: AuditOptions & { readonly after?: string }): Promise<void> {
  const after = numberIn(options.after ?? '0');
  await withRecords(options, async (read) => {
    for await (const line of allLines(read, after)) process.stdout.write(`${line}\n`);
  });
}

/** `octostore audit verify` */
export async function verifyAudit(options: VerifyOptions): Promise<void> {
  const head = options.head === undefined ? null : headIn(options.head);
  const { from } = options;
  if (head !== null && head.signature !== null) await checkSignature(head, options);
  if (from !== undefined) return report(await verify(linesOf(from), head), options);
  await withRecords(options, async (read) => report(await verify(allLines(read, 0), head), options));
}

async function verify(lines: AsyncIterable<string>, head: GivenHead | null): Promise<Verified> {
  const verifier = new ChainVerifier(head);
  for await (const line of lines) {
    verifier.add(line);
    if (verifier.hasFlaw) break;
  }
  return verifier.finish();
}

function report(verified: Verified, options: VerifyOptions): void {
  const { records, flaw, head } = verified;
  new Output(options).show({ valid: flaw === null, ...verified }, () =>
    flaw === null ? `${records} records, no flaw. The last one is ${head.number}:${head.hash}` : '',
  );
  if (flaw === null) return;
  writeError(`octostore: ${flaw.sentence}\n`);
  process.exitCode = EXIT.databaseUnusable;
}

/** The server that signed the head has the same SECRET_KEY. */
async function checkSignature(head: GivenHead, options: AuditOptions): Promise<void> {
  await runConfigured(options, async (config) => {
    const { location } = await findInstallation(config);
    if (isSigned(head, await openSecretBox(config, location))) return;
    throw new UsageError(
      'The signature of the head is not valid, or was made with another SECRET_KEY. Check that you have copied all of it.',
    );
  });
}

async function withRecords(options: AuditOptions, use: (read: ReadPage) => Promise<void>): Promise<void> {
  if (options.url !== undefined) return use(remotePages(controlAt(options.url)));
  await runConfigured(options, async (config) => {
    const installation = await findInstallation(config);
    const control = await runningServer(installation);
    await (control === null ? withDatabase(installation, use) : use(remotePages(control)));
  });
}

/** Null if no server answers. One that was killed may have left a file that says how to reach it. */
async function runningServer(installation: Installation): Promise<Control | null> {
  const control = await installation.findServer();
  return control !== null && (await new RemoteServer(control).answers()) ? control : null;
}

async function withDatabase(
  { location }: Installation,
  use: (read: ReadPage) => Promise<void>,
): Promise<void> {
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const journal = await openJournal(location, new SystemClock());
  try {
    await use((after) => linesAfter(journal, after, PAGE));
  } finally {
    await journal.close();
  }
}

function remotePages(control: Control): ReadPage {
  const server = new RemoteServer(control);
  return async (after) =>
    (await server.text(`/admin/audit?after=${after}&limit=${PAGE}`)).split('\n').slice(0, -1);
}

async function* allLines(read: ReadPage, after: number): AsyncGenerator<string> {
  for (let last = after; ;) {
    const lines = await read(last);
    if (lines.length === 0) return;
    yield* lines;
    const next = numberOf(lines.at(-1));
    // An edited record may name any number. It must not lead back to what was already read.
    if (next === null || next <= last) {
      reportEdited(last);
      return;
    }
    last = next;
  }
}

function numberOf(line = ''): number | null {
  const number = parsedObject(line)?.['number'];
  return typeof number === 'number' ? number : null;
}

function reportEdited(last: number): void {
  writeError(
    `octostore: A record after ${last} was edited, so the records after it cannot be found. Run "octostore audit verify" to find the first one.\n`,
  );
  process.exitCode = EXIT.databaseUnusable;
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: file === '-' ? process.stdin : createReadStream(file), crlfDelay: 0 });
}

function headIn(text: string): GivenHead {
  const head = parseHead(text);
  if (head !== null) return head;
  throw new UsageError(`"${text}" is not a head. Copy it from the log of the server: NUMBER:HASH:SIGNATURE.`);
}

function numberIn(text: string): number {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new UsageError('--after must be the number of a record.');
}
