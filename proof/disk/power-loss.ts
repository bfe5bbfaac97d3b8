import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { readDiskLog, type LogEntry } from './disk-log.js';
import type { CutReport, CutTask, PowerCut } from './power-cut.js';
import { Random } from './random.js';
import { DATABASE_NAME, shimEnvironment } from './shim.js';
import { inWorkshop, type Workshop } from './workshop.js';

const LOAD = fileURLToPath(new URL('recorded-load.js', import.meta.url));
const CHECKER = fileURLToPath(new URL('cut-checker.js', import.meta.url));

const CLIENTS = 12;

/** Processes that check cuts at the same time. */
const CHECKERS = 2;

const RECORDING_TAKES_AT_MOST_MS = 120_000;

/** The weaker setting must lose at least this part of the cuts, or the proof could not have noticed a loss. */
const CONTROL_LOSSES_MIN = 0.3;

const SIZES: Readonly<Record<Budget, { requests: number; cuts: number; controlCuts: number }>> = {
  small: { requests: 250, cuts: 300, controlCuts: 100 },
  full: { requests: 1500, cuts: 10_000, controlCuts: 1000 },
};

/** What a recorded run did. */
interface Recording {
  readonly log: string;
  readonly entries: readonly LogEntry[];
}

export const powerLoss: Proof = {
  name: 'power-loss',
  claim: 'A power cut at any moment loses nothing that was acknowledged and damages no file.',
  run: (context) => inWorkshop((workshop) => run(workshop, context)),
};

async function run(workshop: Workshop, context: ProofContext): Promise<Figures> {
  const { requests, cuts, controlCuts } = SIZES[context.budget];
  const recording = await record(workshop, 'durable', requests, context.seed);
  context.tell(`recorded ${recording.entries.length} operations and notes`);
  const reports = await checkCuts(workshop, recording, chooseCuts(recording, cuts, context.seed), context);
  const broken = reports.find((report) => report.broken.length > 0 || report.damage !== null);
  if (broken !== undefined) throw new ClaimBroken(describe(broken));

  const weak = await record(workshop, 'weak', requests, context.seed, 'pragma synchronous = normal');
  const control = await checkCuts(workshop, weak, chooseCuts(weak, controlCuts, context.seed), context);
  const losses = control.filter((report) => report.broken.length > 0).length;
  if (losses < controlCuts * CONTROL_LOSSES_MIN) {
    throw new Error(
      `With synchronous=normal only ${losses} of ${controlCuts} cuts lost anything: this proof is blind.`,
    );
  }
  return {
    ...figuresOf(recording),
    'power cuts': reports.length,
    'cuts that lost something acknowledged': reports.filter((report) => report.broken.length > 0).length,
    'cuts that damaged the file': reports.filter((report) => report.damage !== null).length,
    'control (synchronous=normal): power cuts': control.length,
    'control: cuts that lost something': losses,
    'control: syncs in the run': count(weak, 'sync'),
  };
}

/** Runs clients on the real store in a process of its own, on top of the shim. */
async function record(
  { folder, shim }: Workshop,
  name: string,
  requests: number,
  seed: number,
  tuning = '',
): Promise<Recording> {
  const home = join(folder, name);
  await mkdir(home);
  const log = join(folder, `${name}.log`);
  const load = [join(home, DATABASE_NAME), log, CLIENTS, requests, seed, tuning].map(String);
  await promisify(execFile)(process.execPath, [LOAD, ...load], {
    env: { ...process.env, ...shimEnvironment(shim, { log }) },
    timeout: RECORDING_TAKES_AT_MOST_MS,
  });
  return { log, entries: readDiskLog(log) };
}

/** Half of the cuts fall anywhere; the others fall where most is at stake: during checkpoints and right after answers. */
function chooseCuts({ entries }: Recording, count: number, seed: number): PowerCut[] {
  const random = new Random(seed);
  const after = (test: (entry: LogEntry) => boolean): number[] =>
    entries.flatMap((entry, index) => (test(entry) ? [index + 1] : []));
  const checkpoints = after((entry) => 'file' in entry && entry.file === '');
  const answers = after((entry) => entry.kind === 'note' && entry.note.kind === 'answered');
  const cuts = Array.from({ length: count }, (): PowerCut => {
    const lot = random.next();
    const position =
      lot < 0.5 ? random.below(entries.length + 1) : random.pick(lot < 0.75 ? checkpoints : answers);
    return {
      position,
      seed: random.below(2 ** 31),
      survival: { kept: random.pick([0, 0.1, 0.5, 0.9, 1]), torn: random.pick([0, 0.5, 1]) },
    };
  });
  return cuts.toSorted((one, other) => one.position - other.position);
}

async function checkCuts(
  workshop: Workshop,
  recording: Recording,
  cuts: readonly PowerCut[],
  { tell }: ProofContext,
): Promise<CutReport[]> {
  let done = 0;
  const onReport = (): void => {
    done += 1;
    if (done % 1000 === 0) tell(`${done} of ${cuts.length} power cuts`);
  };
  const shares = Array.from({ length: CHECKERS }, (_, checker) =>
    cuts.filter((_cut, index) => index % CHECKERS === checker),
  );
  const reports = await Promise.all(
    shares.map((share) =>
      checkInChild({ log: recording.log, cuts: share, folder: workshop.folder }, onReport),
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
  if (reports.length !== task.cuts.length) throw new Error('a checker of power cuts ended too early');
  return reports;
}

function figuresOf(recording: Recording): Figures {
  const { entries } = recording;
  const answers = entries.filter((entry) => entry.kind === 'note' && entry.note.kind === 'answered').length;
  const resets = entries.filter(
    (entry) => entry.kind === 'write' && entry.file === '-wal' && entry.offset === 0,
  ).length;
  return {
    'acknowledged requests': answers,
    'operations on the files': entries.filter((entry) => entry.kind !== 'note').length,
    writes: count(recording, 'write'),
    syncs: count(recording, 'sync'),
    'write-ahead logs begun': resets,
  };
}

function count({ entries }: Recording, kind: LogEntry['kind']): number {
  return entries.filter((entry) => entry.kind === kind).length;
}

function describe({ cut, broken, damage, acknowledged }: CutReport): string {
  const found = damage ?? broken.slice(0, 5).join('; ');
  return `A power cut after entry ${cut.position} (${acknowledged} answers, ${JSON.stringify(cut)}): ${found}`;
}
