import { expect, test } from 'vitest';
import { FairTurns } from '../../../src/http/fair-turns.js';
import { ManualClock } from '../../support/manual-clock.js';

/** Notes which requests have been begun, in their order. */
class Scene {
  readonly clock = new ManualClock();
  readonly turns = new FairTurns(this.clock);
  readonly begun: string[] = [];

  ask(user: string, count: number, { upkeep = false } = {}): this {
    for (let number = 1; number <= count; number += 1) {
      const name = `${user}${upkeep ? '!' : ''}${number}`;
      const begin = (): unknown => this.begun.push(name);
      if (this.turns.isAlone(user, this.clock.monotonicMs())) begin();
      else this.turns.take(user, () => upkeep, begin);
    }
    return this;
  }

  taken(): string[] {
    return this.begun.splice(0);
  }
}

/** Resolves when all that waited for this moment has been looked at. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function numbered(user: string, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${user}${from + index}`);
}

test('a user who is alone waits for nothing', () => {
  const scene = new Scene().ask('ada', 1);
  scene.clock.advance(1_001);
  expect(scene.ask('ada', 1_000).taken()).toHaveLength(1_001);
});

test('a crowd of one user does not stand before the few requests of another', async () => {
  const scene = new Scene().ask('ada', 20).ask('bob', 2);
  expect(scene.taken()).toEqual([...numbered('ada', 1, 8), ...numbered('bob', 1, 2)]);
  await nextTurn();
  expect(scene.taken()).toEqual(numbered('ada', 9, 16));
  expect(scene.ask('bob', 1).taken()).toEqual(['bob1']);
  await nextTurn();
  expect(scene.taken()).toEqual(numbered('ada', 17, 20));
});

test('crowds take turns', async () => {
  const scene = new Scene().ask('ada', 12).ask('bob', 12);
  expect(scene.taken()).toEqual([...numbered('ada', 1, 8), ...numbered('bob', 1, 8)]);
  await nextTurn();
  expect(scene.taken()).toEqual([...numbered('ada', 9, 12), ...numbered('bob', 9, 12)]);
});

test('upkeep goes before other requests of its user that wait', async () => {
  const scene = new Scene().ask('bob', 1).ask('ada', 20).ask('ada', 2, { upkeep: true });
  scene.taken();
  await nextTurn();
  expect(scene.taken()).toEqual(['ada!1', 'ada!2', ...numbered('ada', 9, 14)]);
});

test('nobody is forgotten, and nobody is begun twice', async () => {
  const scene = new Scene();
  for (let round = 0; round < 50; round += 1) {
    for (const user of ['ada', 'bob', 'eve']) scene.ask(user, (round * 7) % 13);
    if (round % 3 === 0) await nextTurn();
  }
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  const asked = Array.from({ length: 50 }, (_, round) => (round * 7) % 13).reduce((a, b) => a + b) * 3;
  expect(scene.begun).toHaveLength(asked);
});
