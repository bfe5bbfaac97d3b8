import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import { FRAME, FrameReader, FrameWriter } from '../../http/link/frames.js';
import { decodeAnswer } from '../../http/link/link-answer.js';
import { encodeRequest, type LinkRequest } from '../../http/link/link-request.js';
import type { Attempt } from './attempt.js';
import { SILENT_MS } from './silence.js';

/** More bytes than any answer to a short request has. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024;

const ID_MAX = 0xffff_ffff;

/** An open connection to the leader over which short requests share. Their answers overtake each other. */
export class LeaderLink {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #writer: FrameWriter;
  readonly #reader = new FrameReader(FRAME_BYTES_MAX, (...frame) => this.#received(...frame));
  readonly #underWay = new Map<number, Attempt>();
  #latestId = 0;
  /** When the first ping was sent after which nothing has arrived. Null if all are answered. */
  #unansweredSinceMs: number | null = null;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#writer = new FrameWriter(socket, clock);
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Begins to read. `first` is what has arrived already. */
  start(first: Buffer): void {
    const socket = this.#socket;
    const cut = (): void => void socket.destroy();
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', cut).on('close', () => this.#breakOff());
    if (first.length > 0) this.#read(first);
  }

  /** Sends a request. What comes of it is reported to `attempt`. Returns its number. */
  send(request: LinkRequest, attempt: Attempt): number {
    const id = this.#newId();
    this.#underWay.set(id, attempt);
    this.#writer.send(FRAME.request, id, encodeRequest(request));
    attempt.onRequestStart();
    return id;
  }

  /** No one waits for the answer to a request any longer. Does nothing if it has arrived. */
  cancel(id: number): void {
    if (this.#underWay.delete(id)) this.#writer.send(FRAME.cancel, id);
  }

  /** Shows the leader that the link is needed, and closes it if the leader has been silent for too long. */
  ping(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#unansweredSinceMs ??= nowMs;
    if (nowMs - this.#unansweredSinceMs >= SILENT_MS) this.#socket.destroy();
    else this.#writer.send(FRAME.ping, 0);
  }

  /** Closes the link. What is under way is not reported. */
  close(): void {
    this.#underWay.clear();
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#unansweredSinceMs = null;
    try {
      this.#reader.read(chunk);
    } catch {
      this.#socket.destroy();
    }
  }

  #received(kind: number, id: number, content: Buffer): void {
    const attempt = this.#underWay.get(id);
    if (attempt === undefined) return;
    this.#underWay.delete(id);
    if (kind === FRAME.answer) attempt.onWholeAnswer(decodeAnswer(content));
    else attempt.breakOff();
  }

  #breakOff(): void {
    const attempts = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const attempt of attempts) attempt.breakOff();
  }

  #newId(): number {
    do this.#latestId = this.#latestId === ID_MAX ? 1 : this.#latestId + 1;
    while (this.#underWay.has(this.#latestId));
    return this.#latestId;
  }
}
