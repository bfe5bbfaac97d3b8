import { expect, test } from 'vitest';
import { FairTurns } from '../../../src/http/pipeline/fair-turns.js';
import { ManualClock } from '../../support/manual-clock.js';

/** Records which requests have started, in order. */
class Scene {
  readonly clock = new ManualClock();
  readonly turns = new FairTurns(this.clock);
  readonly asked: string[] = [];
  readonly started: string[] = [];

  ask(user: string, count: number, { upkeep = false } = {}): this {
    for (let number = 1; number <= count; number += 1) {
      const name = `${user}${upkeep ? '!' : ''}${number}`;
      this.asked.push(name);
      const begin = (): unknown => this.started.push(name);
      if (this.turns.isAlone(user, this.clock.monotonicMs())) begin();
      else this.turns.take(user, () => upkeep, begin);
    }
    return this;
  }

  takeStarted(): string[] {
    return this.started.splice(0);
  }
}

/** Resolves when all requests that waited for this moment have been handled. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test('a user who is alone never waits', () => {
  const scene = new Scene().ask('ada', 1);
  scene.clock.advance(1_001);
  expect(scene.ask('ada', 1_000).takeStarted()).toHaveLength(1_001);
});

test('many requests of one user do not delay the few of another', async () => {
  const scene = new Scene().ask('ada', 4).ask('bob', 2);
  expect(scene.takeStarted()).toEqual(['ada1', 'bob1']);
  await nextTurn();
  expect(scene.takeStarted()).toEqual(['ada2', 'bob2']);
  expect(scene.ask('eve', 1).takeStarted()).toEqual(['eve1']);
  await nextTurn();
  expect(scene.ask('bob', 1).takeStarted()).toEqual(['ada3', 'bob1']);
  await nextTurn();
  expect(scene.takeStarted()).toEqual(['ada4']);
});

test('users with many requests take turns', async () => {
  const scene = new Scene().ask('ada', 3).ask('bob', 3);
  await nextTurn();
  await nextTurn();
  expect(scene.takeStarted()).toEqual(['ada1', 'bob1', 'ada2', 'bob2', 'ada3', 'bob3']);
});

test('upkeep comes before other waiting requests of its user', async () => {
  const scene = new Scene().ask('bob', 1).ask('ada', 2).ask('ada', 2, { upkeep: true });
  scene.takeStarted();
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  expect(scene.takeStarted()).toEqual(['ada!1', 'ada!2', 'ada2']);
});

test('every request starts, and none starts twice', async () => {
  const scene = new Scene();
  for (let round = 0; round < 50; round += 1) {
    for (const user of ['ada', 'bob', 'eve']) scene.ask(user, (round * 7) % 13);
    if (round % 3 === 0) await nextTurn();
  }
  for (let turn = 0; turn < 400; turn += 1) await nextTurn();
  expect(scene.started.toSorted()).toEqual(scene.asked.toSorted());
});
