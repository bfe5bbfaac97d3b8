import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../../../src/cli/shared/exit-codes.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import type { LogEntry } from './disk-log.js';
import type { CutReport, CutTask, PowerCut } from './power-cut.js';
import { Random } from '../../kit/random.js';
import { Recording } from './recording.js';
import { withShimFolder, type ShimFolder } from './shim-folder.js';

const CHECKER = fileURLToPath(new URL('cut-checker.js', import.meta.url));

const LOAD = { firstClient: 0, clients: 12, tuning: '' };

/** How many processes check cuts in parallel. */
const CHECKERS = 2;

/** The share of cuts that must lose data with the weaker setting. Otherwise the proof could not have detected a loss. */
const CONTROL_LOSSES_MIN = 0.3;

interface Size {
  /** Per client in a recorded run. */
  readonly requests: number;
  readonly cuts: number;
  readonly failedSyncs: number;
  readonly cutsAfterEach: number;
  readonly controlCuts: number;
}

const SIZES: Readonly<Record<Budget, Size>> = {
  small: { requests: 250, cuts: 250, failedSyncs: 3, cutsAfterEach: 25, controlCuts: 75 },
  full: { requests: 1500, cuts: 10_000, failedSyncs: 20, cutsAfterEach: 50, controlCuts: 1000 },
};

export const powerLoss: Proof = {
  name: 'power-loss',
  claim: 'A power cut at any moment loses nothing acknowledged and damages no file.',
  run: (context) => withShimFolder((shimFolder) => run(shimFolder, context)),
};

async function run(shimFolder: ShimFolder, context: ProofContext): Promise<Figures> {
  return {
    ...(await cutsOfOneRun(shimFolder, context)),
    ...(await cutsAfterFailedSyncs(shimFolder, context)),
    ...(await control(shimFolder, context)),
  };
}

async function cutsOfOneRun(shimFolder: ShimFolder, context: ProofContext): Promise<Figures> {
  const { requests, cuts } = SIZES[context.budget];
  const recording = await Recording.begin(shimFolder, 'durable');
  await runToCompletion(recording, { ...LOAD, requests, seed: context.seed });
  const entries = recording.entries();
  context.reportProgress(`recorded ${entries.length} operations and notes`);
  const reports = await checkCuts(shimFolder, recording, chooseCuts(entries, 0, cuts, context.seed), context);
  expectNothingBroken(reports);
  return {
    ...figuresOf(entries),
    'power cuts': reports.length,
    'cuts that lost something acknowledged': reports.filter(isLoss).length,
    'cuts that damaged the file': reports.filter(({ damage }) => damage !== null).length,
  };
}

/**
 * A sync fails, the store stops, and a new one continues from what it reads. But the kernel now treats the data as written. If
 * the new store trusted that, a later power cut would lose what it acknowledged.
 */
async function cutsAfterFailedSyncs(shimFolder: ShimFolder, context: ProofContext): Promise<Figures> {
  const { failedSyncs, cutsAfterEach } = SIZES[context.budget];
  const random = new Random(context.seed);
  let stopped = 0;
  let cut = 0;
  for (let round = 0; round < failedSyncs; round += 1) {
    const recording = await Recording.begin(shimFolder, `failed-sync-${round}`);
    const load = { ...LOAD, seed: random.below(2 ** 31), tuning: 'pragma wal_autocheckpoint = 100' };
    const code = await recording.run({ ...load, requests: 30 }, random.below(700));
    if (code === EXIT.storeFailed) stopped += 1;
    else if (code !== EXIT.ok && code !== EXIT.databaseUnusable)
      throw new ClaimBroken(`After a failed sync, the process exited with ${code}.`);
    const failedAt = recording.entries().length;
    await runToCompletion(recording, { ...load, requests: 30, firstClient: 100 });
    const cuts = chooseCuts(recording.entries(), failedAt, cutsAfterEach, load.seed);
    const reports = await checkCuts(shimFolder, recording, cuts, context);
    expectNothingBroken(reports);
    cut += reports.length;
  }
  return {
    'failed syncs before a restart': failedSyncs,
    'failed syncs that stopped the store': stopped,
    'power cuts after the restart': cut,
  };
}

/** The same with a weaker setting, which must lose acknowledged data. */
async function control(shimFolder: ShimFolder, context: ProofContext): Promise<Figures> {
  const { requests, controlCuts } = SIZES[context.budget];
  const weak = await Recording.begin(shimFolder, 'weak');
  await runToCompletion(weak, {
    ...LOAD,
    requests,
    seed: context.seed,
    tuning: 'pragma synchronous = normal',
  });
  const entries = weak.entries();
  const reports = await checkCuts(
    shimFolder,
    weak,
    chooseCuts(entries, 0, controlCuts, context.seed),
    context,
  );
  const losses = reports.filter(isLoss).length;
  if (losses < controlCuts * CONTROL_LOSSES_MIN) {
    throw new Error(
      `With synchronous=normal, only ${losses} of ${controlCuts} cuts lost anything. The proof cannot be trusted.`,
    );
  }
  return {
    'control (synchronous=normal): power cuts': reports.length,
    'control: cuts that lost something': losses,
    'control: syncs in the run': count(entries, 'sync'),
  };
}

async function runToCompletion(recording: Recording, load: Parameters<Recording['run']>[0]): Promise<void> {
  const code = await recording.run(load);
  if (code !== EXIT.ok) throw new Error(`the recorded process exited with ${code}`);
}

function expectNothingBroken(reports: readonly CutReport[]): void {
  const broken = reports.find((report) => isLoss(report) || report.damage !== null);
  if (broken !== undefined) throw new ClaimBroken(describe(broken));
}

function isLoss({ broken }: CutReport): boolean {
  return broken.length > 0;
}

/** Half of the cuts fall anywhere. The others fall where the risk is highest: during checkpoints and right after answers. */
function chooseCuts(entries: readonly LogEntry[], from: number, count: number, seed: number): PowerCut[] {
  const random = new Random(seed);
  const after = (test: (entry: LogEntry) => boolean): number[] =>
    entries.flatMap((entry, index) => (index >= from && test(entry) ? [index + 1] : []));
  const checkpoints = after((entry) => 'file' in entry && entry.file === '');
  const answers = after((entry) => entry.kind === 'note' && entry.note.kind === 'answered');
  const cuts = Array.from({ length: count }, (): PowerCut => {
    const choice = random.next();
    const position =
      choice < 0.5
        ? from + random.below(entries.length + 1 - from)
        : random.pick(choice < 0.75 ? checkpoints : answers);
    return {
      position,
      seed: random.below(2 ** 31),
      survival: { kept: random.pick([0, 0.1, 0.5, 0.9, 1]), torn: random.pick([0, 0.5, 1]) },
    };
  });
  return cuts.toSorted((one, other) => one.position - other.position);
}

async function checkCuts(
  shimFolder: ShimFolder,
  recording: Recording,
  cuts: readonly PowerCut[],
  { reportProgress }: ProofContext,
): Promise<CutReport[]> {
  let done = 0;
  const onReport = (): void => {
    done += 1;
    if (done % 1000 === 0) reportProgress(`${done} of ${cuts.length} power cuts`);
  };
  const shares = Array.from({ length: CHECKERS }, (_, checker) =>
    cuts.filter((_cut, index) => index % CHECKERS === checker),
  );
  const reports = await Promise.all(
    shares.map((share) =>
      checkInChild({ log: recording.log, cuts: share, folder: shimFolder.folder }, onReport),
    ),
  );
  return reports.flat();
}

async function checkInChild(task: CutTask, onReport: () => void): Promise<CutReport[]> {
  const child = fork(CHECKER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const reports: CutReport[] = [];
  child.on('message', (report: CutReport) => {
    reports.push(report);
    onReport();
  });
  child.send(task);
  await once(child, 'exit');
  if (reports.length !== task.cuts.length) throw new Error('a checker of power cuts exited early');
  return reports;
}

function figuresOf(entries: readonly LogEntry[]): Figures {
  const answers = entries.filter((entry) => entry.kind === 'note' && entry.note.kind === 'answered').length;
  const resets = entries.filter(
    (entry) => entry.kind === 'write' && entry.file === '-wal' && entry.offset === 0,
  ).length;
  return {
    'acknowledged requests': answers,
    'operations on the files': entries.filter((entry) => entry.kind !== 'note').length,
    writes: count(entries, 'write'),
    syncs: count(entries, 'sync'),
    'write-ahead logs started': resets,
  };
}

function count(entries: readonly LogEntry[], kind: LogEntry['kind']): number {
  return entries.filter((entry) => entry.kind === kind).length;
}

function describe({ cut, broken, damage, acknowledged }: CutReport): string {
  const found = damage ?? broken.slice(0, 5).join('; ');
  return `A power cut after entry ${cut.position} (${acknowledged} answers, ${JSON.stringify(cut)}): ${found}`;
}
