import { readFileSync } from 'node:fs';
import type { Finding } from '../../access/policy/finding.js';
import { policySchema } from '../../access/policy/policy-document.js';
import { readPolicy } from '../../access/policy/read-policy.js';
import { codeOf } from '../../errors/system-error-code.js';
import { writeError } from '../../process/standard-error.js';
import { EXIT } from '../shared/exit-codes.js';
import { Output, printable, table } from '../shared/output.js';
import { UsageError } from './installation/usage-error.js';
import type { PolicyOptions, ReplaceOptions } from './policy-options.js';
import { RemotePolicy, type Question } from './remote-policy.js';
import { withRunningServer } from './running-server.js';

const STANDARD_INPUT = 0;

/** `octostore policy check FILE` */
export function checkPolicy(file: string, options: Pick<PolicyOptions, 'json'>): void {
  const { document, mistakes, warnings } = readPolicy(textOf(file));
  const valid = document !== null;
  new Output(options).show({ valid, mistakes, warnings }, () => (valid ? `${file} is valid.` : ''));
  report(file, mistakes, warnings);
}

/** `octostore policy diff FILE` */
export async function diffPolicy(file: string, options: PolicyOptions): Promise<void> {
  await atServer(options, async (policy, output) => {
    const { valid, mistakes, warnings, version, changes } = await policy.check(textOf(file));
    output.show({ valid, mistakes, warnings, version, changes }, () => (valid ? diffText(changes) : ''));
    report(file, mistakes, warnings);
  });
}

/** `octostore policy apply FILE` */
export async function applyPolicy(file: string, options: ReplaceOptions): Promise<void> {
  const text = textOf(file);
  // The mistakes are shown with their places, and nothing is sent.
  const { mistakes, warnings } = readPolicy(text);
  report(file, mistakes, warnings);
  if (mistakes.length > 0) return;
  await atServer(options, async (policy, output) => {
    const applied = await policy.apply(text, await versionToReplace(policy, options));
    output.show(applied, () => `Version ${applied.version} is in force.`);
  });
}

/** `octostore policy show` */
export async function showPolicy(version: string | undefined, options: PolicyOptions): Promise<void> {
  await atServer(options, async (policy, output) => {
    const shown = await (version === undefined ? policy.current() : policy.version(version));
    output.show(shown, () => (shown.text ?? '').trimEnd());
    if (shown.text === null) fail('There is no policy.', EXIT.notFound);
  });
}

/** `octostore policy why USER ACTION LOCK` */
export async function explainPolicy(question: Question, options: PolicyOptions): Promise<void> {
  await atServer(options, async (policy, output) => {
    const answer = await policy.why(question);
    output.show(answer, () => printable(answer.reason));
    if (!answer.allowed) process.exitCode = EXIT.notPermitted;
  });
}

/** `octostore policy versions` */
export async function listVersions(options: PolicyOptions): Promise<void> {
  await atServer(options, async (policy, output) => {
    const versions = await policy.versions();
    const rows = versions.map(({ version, applied_at, applied_by, removed }) => [
      version,
      applied_at,
      applied_by,
      removed ? 'removed the policy' : '',
    ]);
    output.show({ versions }, () =>
      rows.length === 0 ? 'There never was a policy.' : table(['version', 'applied at', 'by', ''], rows),
    );
  });
}

/** `octostore policy remove` */
export async function removePolicy(options: ReplaceOptions): Promise<void> {
  await atServer(options, async (policy, output) => {
    const removed = await policy.remove(await versionToReplace(policy, options));
    output.show(removed, () => 'There is no policy now: every user may observe and acquire every lock.');
  });
}

/** `octostore policy schema` */
export function printSchema(): void {
  process.stdout.write(`${JSON.stringify(policySchema(), null, 2)}\n`);
}

async function atServer(
  options: PolicyOptions,
  use: (policy: RemotePolicy, output: Output) => Promise<void>,
): Promise<void> {
  const output = new Output(options);
  await withRunningServer(options, (control) => use(new RemotePolicy(control), output));
}

async function versionToReplace(policy: RemotePolicy, { replace }: ReplaceOptions): Promise<string> {
  return replace ?? String((await policy.current()).version);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${String(codeOf(error))}). Check its path and permissions.`,
    );
  }
}

function diffText({ added, removed }: { added: readonly string[]; removed: readonly string[] }): string {
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return lines.length === 0 ? 'It would change nothing.' : lines.map(printable).join('\n');
}

/** Prints what was found as compilers do, so that editors can jump to it. */
function report(file: string, mistakes: readonly Finding[], warnings: readonly Finding[]): void {
  for (const { line, column, message } of warnings) print(`${file}:${line}:${column}: warning: ${message}`);
  for (const { line, column, message } of mistakes) print(`${file}:${line}:${column}: ${message}`);
  if (mistakes.length > 0) process.exitCode = EXIT.usage;
}

function fail(sentence: string, exitCode: number): void {
  print(`octostore: ${sentence}`);
  process.exitCode = exitCode;
}

function print(line: string): void {
  writeError(`${printable(line)}\n`);
}
