import type { Attack, Stage } from '../attack.js';
import { AbusedServer, SOON_MS, soon, withAbused } from '../abused-server.js';
import { CUT_EVERYWHERE, HOSTILE } from '../hostile-bytes.js';
import { ENDINGS, type Ending } from '../endings.js';
import type { Wire } from '../wire.js';

const AT_ONCE = 120;
const ROUNDS = { small: 1, full: 12 } as const;

interface Visit {
  readonly name: string;
  readonly ending: Ending;
  readonly text: string;
  readonly cut: number;
}

/** Clients without a token send bytes of all kinds and end in all ways. */
export const strangers: Attack = {
  name: 'strangers',
  run: (stage) =>
    withAbused(stage, {}, async (abused) => {
      const visits = [...visitsOf(stage)];
      await meetAll(visits, abused, stage);
      stage.findings.note({ 'connections of strangers': visits.length });
    }),
};

function* visitsOf({ budget, dice }: Stage): Generator<Visit> {
  for (const text of CUT_EVERYWHERE) {
    for (let length = 1; length <= text.length; length += budget === 'full' ? 1 : 3) {
      const part = JSON.stringify(text.slice(0, length)).slice(-20);
      for (const name of ['a reset at once', 'a FIN at once'] as const)
        yield { name: `${part}, then ${name}`, ending: ENDINGS[name], text: text.slice(0, length), cut: 1 };
    }
  }
  for (let round = 0; round < ROUNDS[budget]; round += 1) {
    for (const [what, text] of HOSTILE) {
      for (const [name, ending] of Object.entries(ENDINGS))
        yield { name: `${what}, then ${name}`, ending, text, cut: dice.next() };
    }
  }
}

/** Some at a time. After each lot the process must be alive and serve others, and soon have nothing left of them. */
async function meetAll(visits: readonly Visit[], abused: AbusedServer, { findings }: Stage): Promise<void> {
  for (let start = 0; start < visits.length; start += AT_ONCE) {
    const lot = visits.slice(start, start + AT_ONCE);
    const names = (): string => `${lot.at(0)?.name} … ${lot.at(-1)?.name}`;
    const wires = await Promise.all(lot.map((visit) => meet(visit, abused)));
    await abused.serves().catch((error: unknown) => {
      throw new Error(`after ${names()}: ${String(error)}`);
    });
    const isFree = await soon(() => abused.descriptors.extra <= 2, SOON_MS);
    const left = abused.descriptors.extra;
    for (const wire of wires) wire?.cut();
    findings.expect(isFree, `${left} descriptors are still open after ${names()}`);
    if (!isFree) return;
  }
}

/** Null if the server let nobody in. */
function meet({ ending, text, cut }: Visit, { server }: AbusedServer): Promise<Wire | null> {
  return ending(server.address, text, cut).catch(() => null);
}
