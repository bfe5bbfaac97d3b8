import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { commandLine } from '../../src/cli/command-line.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { MAIN } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';

const run = promisify(execFile);

async function scriptFor(shell: string): Promise<string> {
  return (await run(process.execPath, [MAIN, 'completion', shell])).stdout;
}

/** What bash completes the last word of a line to. */
function offered(script: string, line: string): string[] {
  const words = line.split(' ').map((word) => `'${word}'`);
  const input = `${script}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; compopt() { :; }
_octostore; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const stdout = execFileSync('bash', ['--norc', '-c', input], { encoding: 'utf8' });
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, options, and the program to run', async () => {
  const script = await scriptFor('bash');
  expect(offered(script, 'octostore l')).toEqual(['lock', 'login', 'logout']);
  expect(offered(script, 'octostore lock re')).toEqual(['renew', 'release', 'request-release']);
  expect(offered(script, 'octostore lock run a --t')).toEqual(['--timeout', '--token-file', '--ttl']);
  expect(offered(script, 'octostore lock run lock --t')).toEqual(['--timeout', '--token-file', '--ttl']);
  expect(offered(script, 'octostore lock acquire a --ttl ')).toEqual([]);
  expect(offered(script, 'octostore lock run a -- bas')).toContain('bash');
  expect(offered(script, 'octostore lock run a -- bash --t')).toEqual([]);
  expect(offered(script, 'octostore admin webhook s')).toEqual(['suspend']);
  expect(offered(script, 'octostore completion ')).toContain('--help');
});

test.each([
  ['bash', ['-n']],
  ['zsh', ['-n']],
  ['fish', ['--no-execute']],
] as const)(
  'the script for %s names every command, and is valid if that shell is installed',
  async (shell, options) => {
    const script = await scriptFor(shell);
    for (const command of commandLine().commands) expect(script).toContain(command.name());
    const file = join(testFolder(), 'completion');
    writeFileSync(file, script);
    try {
      execFileSync(shell, [...options, file]);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
      // CI installs all of these shells.
      expect(process.env['CI'], `${shell} is not installed`).toBeUndefined();
      console.warn(`${shell} is not installed, so its completion script was not checked`);
    }
  },
);

/** The commands that have no subcommands, at any depth. */
function leavesOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

test('every client command has an example, and names only exit codes that exist', () => {
  const clients = leavesOf(commandLine()).filter(
    (command) => !['serve', 'backup', 'restore', 'migrate'].includes(command.name()),
  );
  expect(clients.length).toBeGreaterThan(20);
  const known = new Set<number>(Object.values(EXIT));
  for (const command of clients) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help, command.name()).toMatch(/\nExamples:\n {2}(octostore|source|[A-Z]+=)/);
    const [, codes = ''] = help.split('Exit codes:\n');
    for (const [, code] of codes.matchAll(/^ {2}(\d+)/gm)) expect(known).toContain(Number(code));
  }
});
