import { httpFraming, LeanConnection } from './lean-connection.js';
import { nowMs, pause } from '../../process/time.js';
import type { Target } from './load.js';
import type { Recorder } from './recorder.js';
import type { Reply, Request, Script, Workload } from './script.js';

/** How long a client pauses after a failure, in milliseconds. Otherwise it would only measure how fast it can fail. */
const PAUSE_AFTER_FAILURE_MS = 100;

/** One connection that runs a script. */
export class Client {
  readonly #workload: Workload;
  readonly #target: Target;
  readonly #recorder: Recorder;
  readonly script: Script;
  #connection: LeanConnection<Reply> | null = null;
  /** The operation that is waiting for its answer, and since when. */
  #underWay: { readonly operation: string; readonly sinceMs: number } | null = null;

  constructor(workload: Workload, target: Target, recorder: Recorder, script: Script) {
    this.#workload = workload;
    this.#target = target;
    this.#recorder = recorder;
    this.script = script;
  }

  /** Connects, and runs the script's preparation before anything is measured. */
  async prepare(): Promise<void> {
    this.#connection = await this.#open();
    await this.script.prepare?.((request) => this.ask(request));
  }

  /** Sends one request that is not measured. */
  async ask(request: Request): Promise<Reply> {
    this.#connection ??= await this.#open();
    const reply = await this.#connection.send(request.bytes);
    const complaint = request.complaint(reply);
    if (complaint !== null) throw new Error(`${request.operation}: ${complaint}: ${reply.body}`);
    return reply;
  }

  /**
   * Sends the script's next request and records its outcome.
   * @param dueMs When it should have been sent. Its latency counts from then. Null for now.
   */
  async exchange(dueMs: number | null = null): Promise<void> {
    const sentMs = nowMs();
    const startedMs = dueMs ?? sentMs;
    const request = this.script.next(sentMs);
    this.#underWay = { operation: request.operation, sinceMs: startedMs };
    let complaint: string | null;
    try {
      this.#connection ??= await this.#open();
      complaint = request.complaint(await this.#connection.send(request.bytes));
    } catch (error) {
      complaint = error instanceof Error ? error.message : String(error);
      this.#connection?.close();
      this.#connection = null;
    }
    if (this.#underWay === null) return;
    this.#underWay = null;
    const endedMs = nowMs();
    if (complaint === null) this.#recorder.succeeded(request.operation, startedMs, endedMs);
    else this.#recorder.failed(request.operation, complaint, startedMs);
    this.script.answered?.(request, complaint === null, endedMs);
    if (complaint !== null) await pause(PAUSE_AFTER_FAILURE_MS);
  }

  /** Records that the request under way was never answered. */
  giveUp(): void {
    if (this.#underWay === null) return;
    this.#recorder.failed(this.#underWay.operation, 'no answer', this.#underWay.sinceMs);
    this.#underWay = null;
    this.close();
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  #open(): Promise<LeanConnection<Reply>> {
    const { host, port, isSecure } = this.#target;
    const framing = this.#workload.framing ?? httpFraming;
    return LeanConnection.openFor(framing, { host, port }, isSecure);
  }
}
