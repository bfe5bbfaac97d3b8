import { inspect, parseArgs } from 'node:util';
import { DATABASE_KINDS, useDatabases, type DatabaseKind } from '../kit/server/proof-database.js';
import { PROOFS } from './catalogue.js';
import type { Budget, Effort, Figures, Proof } from './proof.js';

interface Broken {
  readonly proof: Proof;
  readonly error: unknown;
}

const USAGE = `Attacks OctoStore's promises, to show that they hold.

  npm run prove -- [--budget small|full] [--only name,name] [--seed number] [--minutes number] [--database sqlite|postgres]

Proofs:
${PROOFS.map(({ name, claim }) => `  ${name.padEnd(14)} ${claim}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    budget: { type: 'string', default: 'full' },
    only: { type: 'string' },
    minutes: { type: 'string' },
    database: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    help: { type: 'boolean', default: false },
  },
});

// Proofs end their servers on `exit`, which a signal alone would not trigger.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

useDatabases(databaseOf(values.database));

if (values.help) console.log(USAGE);
else {
  const haveHeld = await proveAll(chosen(values.only), {
    budget: budgetOf(values.budget),
    seed: Number(values.seed),
    minutes: minutesOf(values.minutes),
  });
  // What a broken proof has left behind would keep this process alive.
  if (!haveHeld) process.exit(1);
}

async function proveAll(proofs: readonly Proof[], effort: Effort): Promise<boolean> {
  console.log(`${proofs.length} proofs, budget ${effort.budget}, seed ${effort.seed}\n`);
  const broken: Broken[] = [];
  for (const proof of proofs) {
    const outcome = await prove(proof, effort);
    if (outcome !== 'held') broken.push(outcome);
  }
  // Again, where it is seen: the end of a long log is what gets read.
  for (const { proof, error } of broken) console.log(`\n${proof.name}: BROKEN\n${inspect(error)}`);
  console.log(`\n${proofs.length - broken.length} passed, ${broken.length} failed`);
  return broken.length === 0;
}

async function prove(proof: Proof, effort: Effort): Promise<'held' | Broken> {
  const startedAt = Date.now();
  const seconds = (): string => ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${proof.name}: ${proof.claim}`);
  try {
    const figures = await proof.run({
      ...effort,
      reportProgress: (line) => console.log(`  ${seconds()} s  ${line}`),
    });
    console.log(`  held, ${seconds()} s\n${table(figures)}`);
    return 'held';
  } catch (error) {
    console.log(`  BROKEN, ${seconds()} s, seed ${effort.seed}`);
    console.error(error);
    return { proof, error };
  }
}

function table(figures: Figures): string {
  return Object.entries(figures)
    .map(
      ([name, value]) =>
        `    ${name.padEnd(44)} ${typeof value === 'number' ? value.toLocaleString('en') : value}`,
    )
    .join('\n');
}

function chosen(only: string | undefined): readonly Proof[] {
  if (only === undefined) return PROOFS;
  const names = only.split(',');
  const unknown = names.filter((name) => !PROOFS.some((proof) => isNamed(proof, name)));
  if (unknown.length > 0) throw new Error(`There is no proof named ${unknown.join(', ')}.\n${USAGE}`);
  return PROOFS.filter((proof) => names.some((name) => isNamed(proof, name)));
}

function isNamed({ name, formerName }: Proof, wanted: string): boolean {
  return wanted === name || wanted === formerName;
}

function budgetOf(text: string): Budget {
  if (text === 'small' || text === 'full') return text;
  throw new Error('--budget must be small or full');
}

function databaseOf(text: string): DatabaseKind {
  const kind = DATABASE_KINDS.find((known) => known === text);
  if (kind === undefined) throw new Error('--database must be sqlite or postgres');
  return kind;
}

function minutesOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new Error('--minutes must be a number greater than 0');
  return minutes;
}
