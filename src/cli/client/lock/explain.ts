import type { ExplainedPlace, LockExplanation, PastLease } from '@octostore/client';
import { printable, table, type Output } from '../../shared/output.js';
import type { ClientOptions } from '../client-command.js';
import { connect } from '../connection/connection.js';

/** `octostore lock explain NAME`. */
export async function explain(name: string, options: ClientOptions, output: Output): Promise<void> {
  const found = await connect(options).explain(name);
  output.show(found, () => describeExplanation(found));
}

function describeExplanation({ name, summary, holders, line, ended, warnings }: LockExplanation): string {
  return [
    printable(`${name}: ${summary}`),
    ...section(
      'Warnings',
      warnings.map((warning) => warning.summary),
    ),
    ...section('Held by', holders.map(wordsOf)),
    ...(line.length === 0 ? [] : [lineTable(line)]),
    ...section('Before', ended.map(wordsOf)),
  ].join('\n\n');
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${heading}:\n${lines.map((text) => `  ${printable(text)}`).join('\n')}`];
}

function wordsOf({ summary, metadata, fencingToken }: PastLease): string {
  const note = metadata === null ? '' : `, ${metadata}`;
  return `${summary} (token ${fencingToken}${note})`;
}

function lineTable(line: readonly ExplainedPlace[]): string {
  const rows = line.map(({ position, holder, since, summary, expectedInMs }) => [
    position,
    holder,
    since,
    summary,
    expectedInMs === null ? null : `${Math.ceil(expectedInMs / 1000)} s`,
  ]);
  return table(['place', 'waiting user', 'since', 'why', 'expected in'], rows);
}
