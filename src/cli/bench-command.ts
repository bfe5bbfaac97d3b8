import type { Command } from 'commander';
import { explained } from './shared/help.js';
import { EXIT } from './shared/exit-codes.js';
import { benchOptionsOf, UsageError, type BenchFlags } from '../bench/options.js';
import { WORKLOADS } from '../bench/workloads/catalogue.js';

/** `octostore bench` */
export function addBenchCommand(program: Command): void {
  const bench = program
    .command('bench')
    .description('load a server and show what it does')
    .option('--url <url>', 'the server; without it one is started on a database of its own')
    .option(
      '--token <token>',
      'a bearer token of that server; better in OCTOSTORE_TOKEN, which others cannot see',
    )
    .option('--admin-key <key>', "shows the server's commits as well; better in ADMIN_KEY")
    .option('--workload <names>', 'of those below, separated by commas (default: all)')
    .option('--concurrency <number>', 'connections, each with one request at a time', '64')
    .option('--duration <seconds>', 'measured, for each workload', '10')
    .option('--warmup <seconds>', 'before that', '2')
    .option(
      '--rate <number>',
      'requests a second that are due whether or not earlier ones were answered, with latency from when they were due; ' +
        'without it each connection asks again once it is answered',
    )
    .option('--json <file>', 'write all figures')
    .option('--html <file>', 'write a page with plots')
    .action(runBench);
  const workloads = WORKLOADS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`);
  bench.addHelpText('after', ['', 'Workloads:', ...workloads].join('\n'));
  explained(bench, {
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
