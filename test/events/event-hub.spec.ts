import { describe, expect, test } from 'vitest';
import type { UserId } from '../../src/core/model/ids.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import { Audience, type Listener } from '../../src/events/audience.js';
import { EventHub } from '../../src/events/event-hub.js';
import { Turns } from '../../src/events/turns.js';
import type { Selector } from '../../src/journal/event-query.js';
import { ManualClock } from '../support/manual-clock.js';
import { loggedEvent } from '../support/store-rows.js';
import { StoreRig } from '../support/store.js';

const ann = 'ann' as UserId;

interface Heard extends Listener {
  readonly sequences: number[];
  readonly leftAt: number[];
}

function listener(selector: Selector): Heard {
  const sequences: number[] = [];
  const leftAt: number[] = [];
  return {
    selector,
    sequences,
    leftAt,
    receive: ({ sequence }) => sequences.push(sequence),
    fellBehind: (sequence) => leftAt.push(sequence),
  };
}

const lock = (name: string): Selector => ({ kind: 'lock', lockName: name as LockName });
const prefix = (text: string): Selector => ({ kind: 'prefix', prefix: text });

async function openHub(): Promise<{ rig: StoreRig; hub: EventHub; turns: Turns }> {
  const rig = await StoreRig.open();
  const turns = new Turns(rig.clock, () => false);
  return { rig, turns, hub: new EventHub(rig.store, turns) };
}

describe('the event hub', () => {
  test('sends each listener the events of its locks, in order, once', async () => {
    const { rig, hub, turns } = await openHub();
    const listeners = [lock('a'), lock('b'), prefix(''), prefix('a'), prefix('ab'), prefix('b/')].map(
      listener,
    );
    for (const each of listeners) hub.join(ann, each);
    for (const name of ['a', 'b', 'abc', 'b/c']) await rig.grant(name);
    await turns.run(
      'last' as UserId,
      () => listeners[2]?.sequences.length === 4 && listeners[5]?.sequences.length === 1,
    );
    expect(listeners.map(({ sequences }) => sequences)).toEqual([[1], [2], [1, 2, 3, 4], [1, 3], [3], [4]]);
  });

  test('sends nothing during the commit, so that a commit does not wait for streams', async () => {
    const { rig, hub, turns } = await openHub();
    const heard = listener(lock('a'));
    hub.join(ann, heard);
    let heardInCommit = -1;
    rig.store.observe({ committed: () => (heardInCommit = heard.sequences.length) });
    await rig.grant('a');
    await turns.run(ann, () => heard.sequences.length > 0);
    expect([heardInCommit, heard.sequences]).toEqual([0, [1]]);
  });

  test('sends nothing to a listener that has left', async () => {
    const { rig, hub, turns } = await openHub();
    const [leaving, staying] = [listener(prefix('a')), listener(prefix('a'))];
    const leave = hub.join(ann, leaving);
    hub.join(ann, staying);
    leave();
    leave();
    await rig.grant('a');
    await turns.run(ann, () => staying.sequences.length > 0);
    expect(leaving.sequences).toEqual([]);
  });

  test('stops sending to a listener that falls behind, which must then read from the event log', async () => {
    const turns = new Turns(new ManualClock(), () => false);
    const audience = new Audience(ann, turns);
    const listeners = [listener(lock('a/b')), listener(prefix('a'))];
    for (const each of listeners) audience.add(each);
    audience.receive(loggedEvent(7));
    await turns.run(ann, () => listeners.every(({ sequences }) => sequences.length === 1));
    for (let sequence = 8; sequence <= 2_008; sequence += 1) audience.receive(loggedEvent(sequence));
    await turns.run(ann, () => listeners.every(({ leftAt }) => leftAt.length > 0));
    for (const { sequences, leftAt } of listeners) expect([sequences, leftAt]).toEqual([[7], [7]]);
  });
});
