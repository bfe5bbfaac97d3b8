import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addBenchCommand } from '../../src/cli/bench-command.js';
import { benchOptionsOf, UsageError, type BenchFlags, type BenchOptions } from '../../src/bench/options.js';
import { WORKLOADS } from '../../src/bench/workloads/catalogue.js';

/** Reads a command line as `octostore bench` does. */
function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv = {}): BenchOptions {
  return benchOptionsOf(parsed(args).opts<BenchFlags>(), environment);
}

function parsed(args: readonly string[]): Command {
  const program = new Command();
  addBenchCommand(program);
  const [bench] = program.commands;
  if (bench === undefined) throw new Error('there is no such command');
  bench.parseOptions([...args]);
  return bench;
}

describe('the command line of the benchmark', () => {
  test('without options, all workloads run against the benchmark’s own server', () => {
    expect(parseOptions([])).toEqual({
      url: null,
      token: null,
      adminKey: null,
      workloads: WORKLOADS.map(({ name }) => name),
      concurrency: 64,
      duration: 10,
      warmup: 2,
      rate: null,
      jsonFile: null,
      htmlFile: null,
    });
  });

  test('the server, its keys and the load can be set', () => {
    const line =
      '--url https://a.example/x --token t --admin-key k --concurrency 100 --duration 30 --rate 500';
    expect(parseOptions(line.split(' '))).toMatchObject({
      url: new URL('https://a.example/x'),
      token: 't',
      adminKey: 'k',
      concurrency: 100,
      duration: 30,
      rate: 500,
    });
  });

  test('secrets may come from the environment, but the server to test may not', () => {
    const environment = { OCTOSTORE_TOKEN: 't', ADMIN_KEY: 'k', OCTOSTORE_URL: 'https://production.example' };
    expect(parseOptions([], environment)).toMatchObject({ url: null, token: 't', adminKey: 'k' });
  });

  test.each([
    ['--url http://a.example', 'needs a token'],
    ['--url ftp://a.example --token t', 'http or https'],
    ['--workload acquire-release,nonsense', 'no workload called nonsense'],
    ['--concurrency 0', '--concurrency'],
    ['--duration 1.5', '--duration'],
    ['--rate -1', '--rate'],
  ])('%s is refused', (line, why) => {
    expect(() => parseOptions(line.split(' '))).toThrow(UsageError);
    expect(() => parseOptions(line.split(' '))).toThrow(why);
  });

  test('the help names every workload', () => {
    let help = '';
    parsed([])
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const { name } of WORKLOADS) expect(help).toContain(`\n  ${name} `);
  });
});
