import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { reset } from '../../kit/http/reset.js';

/** What a misbehaving receiver can use. */
export interface Tools {
  /** A TLS server with an untrusted certificate. */
  readonly untrusted: HttpsServer;
  /** A TLS server with a certificate for another host. */
  readonly wrongHost: HttpsServer;
  /** A URL to which the server must never connect. */
  readonly trapUrl: string;
  /** The receiver's own URL. */
  readonly ownUrl: string;
  /** The TCP connection, even if TLS runs on top of it. */
  readonly tcp: Socket;
}

/**
 * One way in which a receiver misbehaves. It acts on a new `connection`, before TLS, on the `head` of a request, or on the complete
 * `message`.
 */
export interface Misbehaviour {
  readonly name: string;
  readonly when: 'connection' | 'head' | 'message';
  /** Whether the rest of the request is not read. */
  readonly stopsReading?: true;
  /** Whether the attempt still counts as a success. A success status is all that is required. */
  readonly confirms?: true;
  readonly act: (socket: Socket, tools: Tools) => void;
}

/** An action that only needs the socket. */
type Action = (socket: Socket) => void;

const DRIP_EVERY_MS = 25;
const CHUNK = 'x'.repeat(16 * 1024);
const LONG_BODY = 'Content-Length: 1000000000';

function atConnection(name: string, act: Misbehaviour['act']): Misbehaviour {
  return { name, when: 'connection', act };
}

function atMessage(name: string, act: Misbehaviour['act']): Misbehaviour {
  return { name, when: 'message', act };
}

/** Sends an answer and closes. */
function answer(...lines: readonly string[]): Action {
  return (socket) => socket.end(head(...lines, 'Content-Length: 0', 'Connection: close'));
}

function head(...lines: readonly string[]): string {
  return `HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`;
}

/** Sends a beginning, and then forever a few bytes at a time. */
function drip(start: string, more = 'x'): Action {
  return (socket) => {
    socket.write(start, 'latin1');
    const timer = setInterval(() => socket.write(more, 'latin1'), DRIP_EVERY_MS);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Sends a beginning, and then forever the same chunk, as fast as it is read. */
function flood(start: string, more: string): Action {
  return (socket) => {
    const go = (): void => {
      while (!socket.destroyed && socket.write(more));
    };
    socket.on('drain', go).write(start);
    go();
  };
}

const resetTcp: Misbehaviour['act'] = (_, { tcp }) => reset(tcp);

/** Sends something and disconnects. */
function disconnectAfter(text: string): Action {
  return (socket) => socket.write(text, () => socket.destroy());
}

function stall(): void {
  // The connection stays open.
}

const BEFORE_TLS: readonly Misbehaviour[] = [
  atConnection('accepts and sends nothing', stall),
  atConnection('resets at once', resetTcp),
  atConnection('closes at once', (socket) => socket.end()),
  atConnection('answers in plain HTTP', (socket) => socket.end(head('400 Bad Request', 'Content-Length: 0'))),
  atConnection('greets like a mail server', (socket) => socket.end('220 mail.example ESMTP\r\n')),
  atConnection('stalls in the handshake', (socket) => {
    socket.once('data', () => socket.write(Buffer.from([0x16, 0x03, 0x03])));
  }),
  atConnection('drips the handshake', (socket) => {
    socket.once('data', () => drip('\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb', '\x00')(socket));
  }),
  atConnection('has an untrusted certificate', (socket, { untrusted }) => {
    untrusted.emit('connection', socket);
  }),
  atConnection("has another host's certificate", (socket, { wrongHost }) => {
    wrongHost.emit('connection', socket);
  }),
];

const STATUSES: readonly Misbehaviour[] = [
  atMessage('400', answer('400 Bad Request')),
  atMessage('404', answer('404 Not Found')),
  atMessage('429, Retry-After: 1', answer('429 Too Many Requests', 'Retry-After: 1')),
  atMessage('429, Retry-After: 30 years', answer('429 Too Many Requests', 'Retry-After: 999999999')),
  atMessage('500', answer('500 Internal Server Error')),
  atMessage('503, Retry-After: soon', answer('503 Service Unavailable', 'Retry-After: soon')),
  atMessage('redirects to itself', (socket, { ownUrl }) =>
    answer('307 Temporary Redirect', `Location: ${ownUrl}`)(socket),
  ),
  atMessage('redirects to a trap', (socket, { trapUrl }) =>
    answer('308 Permanent Redirect', `Location: ${trapUrl}`)(socket),
  ),
  atMessage('redirects to cloud metadata', answer('302 Found', 'Location: http://169.254.169.254/')),
  atMessage(
    'switches protocols',
    answer('101 Switching Protocols', 'Upgrade: websocket', 'Connection: upgrade'),
  ),
  { name: 'refuses before it has read', when: 'head', act: answer('413 Content Too Large') },
  {
    name: 'confirms before it has read',
    when: 'head',
    confirms: true,
    act: (socket) => socket.write(head('204 No Content', 'Connection: close')),
  },
];

const SILENCES: readonly Misbehaviour[] = [
  atMessage('never answers', stall),
  { name: 'never reads', when: 'head', stopsReading: true, act: stall },
  atMessage('drips the head', drip('HTTP/1.1 200 OK\r\nX-Slow: ')),
  atMessage('drips the body of an error', drip(head('500 Internal Server Error', LONG_BODY))),
  { ...atMessage('drips the body of a success', drip(head('200 OK', LONG_BODY))), confirms: true },
  atMessage('sends 103 forever', drip('', head('103 Early Hints'))),
];

const CUTS: readonly Misbehaviour[] = [
  { name: 'resets before it has read', when: 'head', stopsReading: true, act: resetTcp },
  atMessage('resets before the head', resetTcp),
  atMessage('disconnects within the head', disconnectAfter('HTTP/1.1 200 OK\r\nContent-Le')),
  atMessage('disconnects after the head of an error', disconnectAfter(head('502 Bad Gateway', LONG_BODY))),
  {
    ...atMessage('disconnects after the head of a success', disconnectAfter(head('200 OK', LONG_BODY))),
    confirms: true,
  },
];

const FLOODS: readonly Misbehaviour[] = [
  atMessage('floods with an endless error', flood(head('500 Internal Server Error', LONG_BODY), CHUNK)),
  { ...atMessage('floods with an endless success', flood(head('200 OK', LONG_BODY), CHUNK)), confirms: true },
  atMessage('floods with endless headers', flood('HTTP/1.1 200 OK\r\n', `X-Filler: ${'x'.repeat(1000)}\r\n`)),
  atMessage('floods with an endless header', flood('HTTP/1.1 200 OK\r\nX-Filler: ', CHUNK)),
];

const GARBAGE: readonly Misbehaviour[] = [
  atMessage('answers like an SSH server', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
  atMessage('answers with noise', (socket) => socket.end(Buffer.from('00ff17a55a0d0a0d0affee', 'hex'))),
  atMessage('answers with an unknown HTTP version', (socket) => socket.end('HTTP/9.9 200 OK\r\n\r\n')),
  atMessage('sends contradictory lengths', (socket) =>
    socket.end(head('200 OK', 'Content-Length: 5', 'Content-Length: 7')),
  ),
  atMessage('answers twice', (socket) =>
    socket.write(head('500 Internal Server Error', 'Content-Length: 0').repeat(2)),
  ),
];

/** Every kind of misbehaviour. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  ...BEFORE_TLS,
  ...STATUSES,
  ...SILENCES,
  ...CUTS,
  ...FLOODS,
  ...GARBAGE,
];

/** Those that delay a call for as long as the server lets them. */
export const HANGS: readonly Misbehaviour[] = MISBEHAVIOURS.filter(({ name }) =>
  /sends nothing|stalls|drips|never|forever/.test(name),
);
