import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../clock/clock.js';
import type { Exchange } from '../connections/exchange.js';
import { ServiceRequest } from '../input/service-request.js';
import { FRAME, FrameReader, FrameWriter } from './frames.js';
import { ACCEPTANCE } from './handshake.js';
import { Lane } from './lane.js';
import { decodeRequest } from './link-request.js';

/** More bytes than any request has. */
const FRAME_BYTES_MAX = 1024 * 1024;

/**
 * After how long without a frame a link is closed, in milliseconds. The other server sends one each second as long as it needs the link, unless
 * it is frozen or cut off.
 */
const SILENT_MS = 30_000;

/** Node's own method. It makes `headers` when they are first used, with Node's rules for those that are repeated. */
const addHeaderLines = Reflect.get(IncomingMessage.prototype, '_addHeaderLines') as (
  this: IncomingMessage,
  headers: readonly string[],
  count: number,
) => void;

interface LinkParts {
  readonly clock: Clock;
  /** Called once for each lane, before its first request. */
  readonly onLane: (lane: Lane) => void;
  readonly serve: (exchange: Exchange, lane: Lane) => void;
}

/**
 * A connection over which another server forwards the requests of many clients, and on which their answers overtake each other. One
 * connection for each request would cost more than the requests do.
 */
export class ServedLink {
  readonly #socket: Socket;
  readonly #parts: LinkParts;
  readonly #writer: FrameWriter;
  readonly #reader = new FrameReader(FRAME_BYTES_MAX, (...frame) => this.#received(...frame));
  readonly #idle: Lane[] = [];
  readonly #busy = new Map<number, Lane>();

  constructor(socket: Socket, parts: LinkParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#writer = new FrameWriter(socket, parts.clock);
  }

  /** Accepts the link. `first` is what has arrived already. */
  start(first: Buffer): void {
    const socket = this.#socket;
    const cut = (): void => void socket.destroy();
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket
      .on('end', cut)
      .on('error', cut)
      .on('close', () => this.#closed());
    socket.setNoDelay(true).setTimeout(SILENT_MS, cut);
    socket.write(ACCEPTANCE);
    if (first.length > 0) this.#read(first);
  }

  #read(chunk: Buffer): void {
    try {
      this.#reader.read(chunk);
    } catch {
      this.#socket.destroy();
    }
  }

  #received(kind: number, id: number, content: Buffer): void {
    if (kind === FRAME.request) this.#serve(id, content);
    else if (kind === FRAME.cancel) this.#cancel(id);
    else if (kind === FRAME.ping) this.#writer.send(FRAME.pong, id);
  }

  #serve(id: number, content: Buffer): void {
    const lane = this.#idle.pop() ?? this.#newLane();
    lane.requestId = id;
    this.#busy.set(id, lane);
    const request = requestOn(lane, content);
    const response = new ServerResponse(request);
    // The length of the frame tells where the answer ends.
    response.useChunkedEncodingByDefault = false;
    response.assignSocket(lane as unknown as Socket);
    response.once('finish', () => this.#answered(id, lane, response));
    this.#parts.serve({ request, response, expectsContinue: false }, lane);
  }

  #newLane(): Lane {
    const lane = new Lane(this.#socket.remoteAddress);
    lane.once('close', () => this.#brokeOff(lane));
    this.#parts.onLane(lane);
    return lane;
  }

  #answered(id: number, lane: Lane, response: ServerResponse): void {
    if (!this.#busy.delete(id)) return;
    this.#writer.send(FRAME.answer, id, lane.takeWritten());
    response.detachSocket(lane as unknown as Socket);
    // As Node does: those that wait for the end of the answer learn of it before those that wait for its close.
    process.nextTick(() => {
      response.destroyed = true;
      response.emit('close');
      this.#idle.push(lane);
    });
  }

  /** The server has closed the lane itself, because it cannot answer. */
  #brokeOff({ requestId }: Lane): void {
    if (requestId !== null && this.#busy.delete(requestId)) this.#writer.send(FRAME.broken, requestId);
  }

  #cancel(id: number): void {
    const lane = this.#busy.get(id);
    this.#busy.delete(id);
    lane?.destroy();
  }

  #closed(): void {
    const lanes = [...this.#busy.values()];
    this.#busy.clear();
    for (const lane of lanes) lane.destroy();
  }
}

function requestOn(lane: Lane, content: Buffer): ServiceRequest {
  const { method, url, client, headers, body } = decodeRequest(content);
  const request = new ServiceRequest(lane as unknown as Socket);
  request.method = method;
  request.url = url;
  request.httpVersion = '1.1';
  request.httpVersionMajor = 1;
  request.httpVersionMinor = 1;
  // Before the request is complete. Later ones would be trailers.
  addHeaderLines.call(request, headers, headers.length);
  request.body = body;
  request.forwardedFor = client;
  request.complete = true;
  request.push(null);
  return request;
}
