import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { CASE_TAKES_AT_MOST_MS, type FaultCase, type FaultReport, type FaultTask } from './fault-case.js';
import { Random } from '../../kit/random.js';
import { serverFaults } from './server-faults.js';
import { ShimControl, shimEnvironment, type Fault, type Injected } from './shim.js';
import { inWorkshop, type Workshop } from './workshop.js';

const RUNNER = fileURLToPath(new URL('fault-runner.js', import.meta.url));

/** Processes that run cases at the same time. */
const RUNNERS = 2;

/** Cases that the small budget picks from all there are. */
const SAMPLE = 120;

/** Runs differ by a few operations, so the sweep goes on for a while after the last one that was seen. */
const OVERSHOOT = 1.1;

const FAULTS: readonly Fault[] = [
  { kind: 'error', error: 'EIO', forEver: false },
  { kind: 'error', error: 'EIO', forEver: true },
  { kind: 'error', error: 'ENOSPC', forEver: false },
  { kind: 'error', error: 'ENOSPC', forEver: true },
  { kind: 'short', error: 'ENOSPC', forEver: false },
  { kind: 'short', error: 'ENOSPC', forEver: true },
];

/** A disk that throws writes away and says that all is well must be noticed, or the proof would notice nothing. */
const LIE: Fault = { kind: 'lie', error: 'EIO', forEver: true };
const LIES = 10;

const STARTS = ['first', 'again'] as const;

const NO_FAULT: FaultCase = { start: 'first', failAt: 0, fault: LIE };

export const ioFaults: Proof = {
  name: 'io-faults',
  claim:
    'Whichever operation of the disk fails, no caller is told a success that did not last, and the next start is sound.',
  run: (context) => inWorkshop((workshop) => run(workshop, context)),
};

async function run(workshop: Workshop, context: ProofContext): Promise<Figures> {
  const [sound] = await runCases(workshop, [NO_FAULT], context);
  if (sound === undefined) throw new Error('the run without a fault is missing');
  const { operations } = sound.injected;
  context.tell(`a run without a fault makes ${operations} operations and ${sound.acknowledged} answers`);
  const reports = await runCases(workshop, chooseCases(operations, context), context);
  for (const report of [sound, ...reports])
    if (report.problems.length > 0) throw new ClaimBroken(describe(report));
  if (context.budget === 'full' && !reports.some(({ injected }) => injected.injected === 0)) {
    throw new Error('The sweep ended before the workload did.');
  }
  const lies = await runCases(workshop, chooseLies(operations), context);
  const noticed = lies.filter(({ problems }) => problems.length > 0).length;
  if (noticed === 0) throw new Error('A disk that throws writes away was not noticed: this proof is blind.');
  return {
    'operations in a run without a fault': operations,
    ...figuresOf(reports),
    'control: disks that throw writes away': lies.length,
    'control: noticed': noticed,
    ...(await serverFaults(workshop, context)),
  };
}

function chooseCases(operations: number, { budget, seed }: ProofContext): FaultCase[] {
  const last = Math.ceil(operations * OVERSHOOT);
  const all = STARTS.flatMap((start) =>
    FAULTS.flatMap((fault) =>
      Array.from({ length: last }, (_, index): FaultCase => ({ start, failAt: index + 1, fault })),
    ),
  );
  if (budget === 'full') return all;
  const random = new Random(seed);
  return Array.from({ length: SAMPLE }, () => random.pick(all));
}

function chooseLies(operations: number): FaultCase[] {
  return Array.from({ length: LIES }, (_, index) => ({
    start: 'first',
    failAt: Math.ceil((operations * (index + 1)) / (LIES + 1)),
    fault: LIE,
  }));
}

async function runCases(
  workshop: Workshop,
  cases: readonly FaultCase[],
  context: ProofContext,
): Promise<FaultReport[]> {
  let done = 0;
  const onReport = (): void => {
    done += 1;
    if (done % 500 === 0) context.tell(`${done} of ${cases.length} cases`);
  };
  const shares = Array.from({ length: Math.min(RUNNERS, cases.length) }, (_, runner) => ({
    cases: cases.filter((_case, index) => index % RUNNERS === runner),
    folder: workshop.folder,
    seed: context.seed,
  }));
  const reports = await Promise.all(
    shares.map((task, runner) => runInChild(workshop, `control-${runner}`, task, onReport)),
  );
  return reports.flat();
}

async function runInChild(
  { folder, shim }: Workshop,
  name: string,
  task: FaultTask,
  onReport: () => void,
): Promise<FaultReport[]> {
  const control = new ShimControl(join(folder, name), 'create');
  const child = fork(RUNNER, {
    env: { ...process.env, ...shimEnvironment(shim, { control: control.path }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const reports: FaultReport[] = [];
  // Twice the time, because the child itself can often say better what hangs.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 2 * CASE_TAKES_AT_MOST_MS);
  child.on('message', (report: FaultReport) => {
    reports.push(report);
    watchdog.refresh();
    onReport();
  });
  child.send(task);
  await once(child, 'exit');
  clearTimeout(watchdog);
  control.close();
  if (reports.length < task.cases.length) {
    throw new ClaimBroken(`It hung or crashed in ${JSON.stringify(task.cases[reports.length])}`);
  }
  return reports;
}

function figuresOf(reports: readonly FaultReport[]): Figures {
  const sum = (number: (injected: Injected) => number): number =>
    reports.reduce((total, { injected }) => total + number(injected), 0);
  const outcome = (wanted: FaultReport['outcome']): number =>
    reports.filter((report) => report.outcome === wanted && report.injected.injected > 0).length;
  return {
    runs: reports.length,
    'runs that ended before their fault': reports.filter(({ injected }) => injected.injected === 0).length,
    'runs that refused to start': outcome('refused'),
    'runs in which the store stopped': outcome('stopped'),
    'runs that were not harmed': outcome('unharmed'),
    'writes failed': sum(({ writesFailed }) => writesFailed),
    'syncs failed': sum(({ syncsFailed }) => syncsFailed),
    'truncations failed': sum(({ truncatesFailed }) => truncatesFailed),
    'writes cut short': sum(({ shortWrites }) => shortWrites),
    'answers that had to last': reports.reduce((total, { acknowledged }) => total + acknowledged, 0),
    'requests rejected': reports.reduce((total, { rejected }) => total + rejected, 0),
    'false successes, wrong errors, bad starts': reports.reduce(
      (total, { problems }) => total + problems.length,
      0,
    ),
  };
}

function describe({ faultCase, outcome, problems }: FaultReport): string {
  return `${JSON.stringify(faultCase)}, ${outcome}: ${problems.slice(0, 5).join('; ')}`;
}
