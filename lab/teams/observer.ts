import { nowMs, pause } from '../../src/process/time.js';
import type { Replica } from '../kit/server/replica.js';
import { killCommand } from './introduction.js';
import { say } from './say.js';
import type { Team } from '../kit/server/team.js';

const LOOK_EVERY_MS = 50;
const START_AGAIN_AFTER_MS = 5000;

/** Looks who leads, and says so whenever it changes. Starts replicas again that have ended. */
export class Observer {
  readonly #team: Team;
  #leader: Replica | null;
  #leaderId: number | null;
  #ledUntilMs = nowMs();
  readonly #endedMs = new Map<Replica, number>();
  #writesAt: number;

  constructor(team: Team, leader: Replica) {
    this.#team = team;
    this.#leader = leader;
    this.#leaderId = leader.processId;
    this.#writesAt = team.pair.primary.port;
    this.#say(leader, '');
  }

  /** Until the signal aborts. */
  async watch(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      this.#lookAtProcesses();
      await this.#lookWhoLeads();
      await this.#lookAtDatabase();
      await pause(LOOK_EVERY_MS);
    }
  }

  #lookAtProcesses(): void {
    for (const replica of this.#team.replicas) {
      const endedMs = this.#endedMs.get(replica);
      if (replica.isRunning) continue;
      if (endedMs === undefined) this.#ended(replica);
      else if (nowMs() > endedMs + START_AGAIN_AFTER_MS) this.#startAgain(replica);
    }
  }

  #ended(replica: Replica): void {
    this.#endedMs.set(replica, nowMs());
    say(`Replica ${replica.name} has ended.`);
  }

  #startAgain(replica: Replica): void {
    this.#endedMs.delete(replica);
    replica.start();
    say(`Replica ${replica.name} is started again, as process ${replica.processId}.`);
  }

  async #lookWhoLeads(): Promise<void> {
    const leader = await this.#team.set.leader();
    if (leader === null) return this.#noOneLeads();
    const isNew = leader !== this.#leader || leader.processId !== this.#leaderId;
    const gapMs = nowMs() - this.#ledUntilMs;
    this.#ledUntilMs = nowMs();
    [this.#leader, this.#leaderId] = [leader, leader.processId];
    if (isNew) this.#say(leader, `, after ${(gapMs / 1000).toFixed(1)} s without a leader`);
  }

  #noOneLeads(): void {
    if (this.#leader !== null) say('No replica leads.');
    this.#leader = null;
  }

  #say(leader: Replica, after: string): void {
    say(`Replica ${leader.name} leads${after}. To end it: ${killCommand(leader)}`);
  }

  /** Says so when the other cluster takes the writes. */
  async #lookAtDatabase(): Promise<void> {
    for (const cluster of this.#team.pair.clusters) {
      if (cluster.port === this.#writesAt || !(await cluster.takesWrites())) continue;
      this.#writesAt = cluster.port;
      say(`The database takes writes at 127.0.0.1:${cluster.port} now.`);
    }
  }
}
