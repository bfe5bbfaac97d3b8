import type { Command } from 'commander';
import { withHelp } from './shared/help.js';
import { EXIT } from './shared/exit-codes.js';
import { benchOptionsOf, UsageError, type BenchFlags } from '../bench/options.js';
import { WORKLOADS } from '../bench/workloads/catalogue.js';

/** `octostore bench` */
export function addBenchCommand(program: Command): void {
  const bench = program
    .command('bench')
    .description('measure how a server performs under load')
    .option('--url <url>', 'the server to load (default: one started for this run, with its own database)')
    .option(
      '--token <token>',
      'a bearer token for that server; OCTOSTORE_TOKEN is safer, because other users cannot see it',
    )
    .option('--admin-key <key>', "also show the server's commits; the variable ADMIN_KEY is safer")
    .option('--workload <names>', 'workloads from the list below, separated by commas (default: all)')
    .option('--concurrency <number>', 'connections, each with one request at a time', '64')
    .option('--duration <seconds>', 'how long each workload is measured', '10')
    .option('--warmup <seconds>', 'how long each workload runs before it is measured', '2')
    .option(
      '--rate <number>',
      'requests per second, due even if earlier ones have no answer yet; latency counts from when a request was due ' +
        '(default: each connection sends its next request as soon as it has an answer)',
    )
    .option('--json <file>', 'write all figures to this file')
    .option('--html <file>', 'write a page with plots to this file')
    .action(runBench);
  const workloads = WORKLOADS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`);
  bench.addHelpText('after', ['', 'Workloads:', ...workloads].join('\n'));
  withHelp(bench, {
    examples: [
      'octostore bench --duration 5 --html report.html',
      'octostore bench --url https://locks.example.com --concurrency 100 --duration 30',
      'octostore bench --workload acquire-release --rate 5000',
    ],
    exits: { 1: 'a request failed' },
  });
}

async function runBench(flags: BenchFlags, command: Command): Promise<void> {
  const options = optionsOr(command, flags);
  const { bench } = await import('../bench/bench.js');
  process.exitCode = (await bench(options)) ? EXIT.ok : EXIT.failure;
}

function optionsOr(command: Command, flags: BenchFlags): ReturnType<typeof benchOptionsOf> {
  try {
    return benchOptionsOf(flags, process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
  }
}
