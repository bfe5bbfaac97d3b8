import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClaimBroken, type Figures, type Proof, type ProofContext } from '../proof.js';
import { CASE_TIMEOUT_MS, type FaultCase, type FaultReport, type FaultTask } from './fault-case.js';
import { Random } from '../../kit/random.js';
import { serverFaults } from './server-faults.js';
import { ShimControl, shimEnvironment, type Fault, type Injected } from './shim.js';
import { withShimFolder, type ShimFolder } from './shim-folder.js';

const RUNNER = fileURLToPath(new URL('fault-runner.js', import.meta.url));

/** How many processes run cases in parallel. */
const RUNNERS = 2;

/** How many random cases the small budget runs. */
const SAMPLE = 120;

/** Runs differ by a few operations, so the sweep goes somewhat beyond the number in the first run. */
const OVERSHOOT = 1.1;

const FAULTS: readonly Fault[] = [
  { kind: 'error', error: 'EIO', isPersistent: false },
  { kind: 'error', error: 'EIO', isPersistent: true },
  { kind: 'error', error: 'ENOSPC', isPersistent: false },
  { kind: 'error', error: 'ENOSPC', isPersistent: true },
  { kind: 'short', error: 'ENOSPC', isPersistent: false },
  { kind: 'short', error: 'ENOSPC', isPersistent: true },
];

/** The control: a disk that silently loses writes. A proof that missed this would miss everything. */
const LOST_WRITES: Fault = { kind: 'lost', error: 'EIO', isPersistent: true };
const LOST_WRITE_CASES = 10;

const STARTS = ['empty', 'killed'] as const;

const NO_FAULT: FaultCase = { start: 'empty', failAt: 0, fault: LOST_WRITES };

export const ioFaults: Proof = {
  name: 'io-faults',
  claim: 'Whichever disk operation fails, no acknowledged change is lost, and the next start succeeds.',
  run: (context) => withShimFolder((shimFolder) => run(shimFolder, context)),
};

async function run(shimFolder: ShimFolder, context: ProofContext): Promise<Figures> {
  const [faultless] = await runCases(shimFolder, [NO_FAULT], context);
  if (faultless === undefined) throw new Error('the run without a fault is missing');
  const { operations } = faultless.injected;
  context.reportProgress(
    `a run without a fault has ${operations} operations and ${faultless.acknowledged} answers`,
  );
  const reports = await runCases(shimFolder, chooseCases(operations, context), context);
  for (const report of [faultless, ...reports])
    if (report.problems.length > 0) throw new ClaimBroken(describe(report));
  if (context.budget === 'full' && !reports.some(({ injected }) => injected.injected === 0)) {
    throw new Error('The sweep ended before the workload.');
  }
  const controls = await runCases(shimFolder, lostWriteCases(operations), context);
  const detected = controls.filter(({ problems }) => problems.length > 0).length;
  if (detected === 0)
    throw new Error('The proof did not detect a disk that loses writes. It cannot be trusted.');
  return {
    'operations in a run without a fault': operations,
    ...figuresOf(reports),
    'control: disks that lose writes': controls.length,
    'control: detected': detected,
    ...(await serverFaults(shimFolder, context)),
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

function lostWriteCases(operations: number): FaultCase[] {
  return Array.from({ length: LOST_WRITE_CASES }, (_, index) => ({
    start: 'empty',
    failAt: Math.ceil((operations * (index + 1)) / (LOST_WRITE_CASES + 1)),
    fault: LOST_WRITES,
  }));
}

async function runCases(
  shimFolder: ShimFolder,
  cases: readonly FaultCase[],
  context: ProofContext,
): Promise<FaultReport[]> {
  let done = 0;
  const onReport = (): void => {
    done += 1;
    if (done % 500 === 0) context.reportProgress(`${done} of ${cases.length} cases`);
  };
  const shares = Array.from({ length: Math.min(RUNNERS, cases.length) }, (_, runner) => ({
    cases: cases.filter((_case, index) => index % RUNNERS === runner),
    folder: shimFolder.folder,
    seed: context.seed,
  }));
  const reports = await Promise.all(
    shares.map((task, runner) => runInChild(shimFolder, `control-${runner}`, task, onReport)),
  );
  return reports.flat();
}

async function runInChild(
  { folder, shim }: ShimFolder,
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
  // Twice the time, because the child can often say what hangs.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 2 * CASE_TIMEOUT_MS);
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
    throw new ClaimBroken(`The process hung or crashed in ${JSON.stringify(task.cases[reports.length])}`);
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
    'runs without an effect': outcome('unharmed'),
    'writes failed': sum(({ writesFailed }) => writesFailed),
    'syncs failed': sum(({ syncsFailed }) => syncsFailed),
    'truncations failed': sum(({ truncatesFailed }) => truncatesFailed),
    'writes cut short': sum(({ shortWrites }) => shortWrites),
    'acknowledged changes that had to last': reports.reduce(
      (total, { acknowledged }) => total + acknowledged,
      0,
    ),
    'requests rejected': reports.reduce((total, { rejected }) => total + rejected, 0),
    'lost changes, wrong errors, failed starts': reports.reduce(
      (total, { problems }) => total + problems.length,
      0,
    ),
  };
}

function describe({ faultCase, outcome, problems }: FaultReport): string {
  return `${JSON.stringify(faultCase)}, ${outcome}: ${problems.slice(0, 5).join('; ')}`;
}
