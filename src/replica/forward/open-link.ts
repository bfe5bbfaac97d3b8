import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { ACCEPTED, HANDSHAKE_END, requestForLink } from '../../http/link/handshake.js';

/** How long a server may take to accept a link once it is connected, in milliseconds. */
const ACCEPT_MS = 2_000;

interface LinkPlace {
  readonly clock: Clock;
  readonly connect: buildConnector.connector;
  readonly url: URL;
  /** What shows that this server may forward requests. */
  readonly key: string;
}

/** An open link, or why there is none. A server that refuses it does not know of links. */
export type OpenedLink = { readonly socket: Socket; readonly first: Buffer } | 'refused' | 'unreachable';

/** Asks a server for a link. Calls `done` once. */
export function openLink(place: LinkPlace, done: (opened: OpenedLink) => void): void {
  const { protocol, hostname, host, port } = place.url;
  const options = { protocol, host, port, hostname: hostname.replace(/^\[|\]$/g, '') };
  place.connect(options, (...[error, socket]) => {
    if (error === null) ask(socket, place, done);
    else done('unreachable');
  });
}

function ask(socket: Socket, { clock, url, key }: LinkPlace, done: (opened: OpenedLink) => void): void {
  let received = Buffer.alloc(0);
  const onClose = (): void => end('unreachable');
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const headEnd = received.indexOf(HANDSHAKE_END);
    if (headEnd === -1) return;
    const isAccepted = received.toString('latin1', 0, ACCEPTED.length) === ACCEPTED;
    end(isAccepted ? { socket, first: received.subarray(headEnd + HANDSHAKE_END.length) } : 'refused');
  };
  const cancelTimer = clock.after(ACCEPT_MS, () => end('unreachable'));
  const end = (opened: OpenedLink): void => {
    cancelTimer();
    socket.off('data', onData).off('close', onClose);
    if (typeof opened === 'string') socket.destroy();
    done(opened);
  };
  socket
    .on('error', () => undefined)
    .on('close', onClose)
    .on('data', onData);
  socket.write(requestForLink(url.host, key), 'latin1');
}
