import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { reset } from '../../kit/http/reset.js';

/** What a receiver that means no good has at hand. */
export interface Tools {
  /** A TLS server whose certificate nobody vouches for. */
  readonly stranger: HttpsServer;
  /** A TLS server whose certificate is valid for another host. */
  readonly elsewhere: HttpsServer;
  /** Where nobody must ever connect to. */
  readonly trapUrl: string;
  /** Where the receiver itself is. */
  readonly ownUrl: string;
  /** The TCP connection, also under TLS. */
  readonly wire: Socket;
}

/**
 * One way of being a bad receiver. It shows when a `connection` comes, before TLS; when the `head` of a request has come; or
 * when the whole `message` has.
 */
export interface Misbehaviour {
  readonly name: string;
  readonly when: 'connection' | 'head' | 'message';
  /** Whether the request is not read any further. */
  readonly isDeaf?: true;
  /** Whether it counts as success nevertheless: a status of success is all that a receiver has to say. */
  readonly confirms?: true;
  readonly act: (socket: Socket, tools: Tools) => void;
}

/** An act that needs nothing but the socket. */
type Act = (socket: Socket) => void;

const DRIP_EVERY_MS = 25;
const CHUNK = 'x'.repeat(16 * 1024);
const LONG_BODY = 'Content-Length: 1000000000';

function atConnection(name: string, act: Misbehaviour['act']): Misbehaviour {
  return { name, when: 'connection', act };
}

function atMessage(name: string, act: Misbehaviour['act']): Misbehaviour {
  return { name, when: 'message', act };
}

/** Answers with a head and goes. */
function answer(...lines: readonly string[]): Act {
  return (socket) => socket.end(head(...lines, 'Content-Length: 0', 'Connection: close'));
}

function head(...lines: readonly string[]): string {
  return `HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`;
}

/** Writes a beginning, and then a byte now and then, for ever. */
function drip(start: string, drop = 'x'): Act {
  return (socket) => {
    socket.write(start, 'latin1');
    const timer = setInterval(() => socket.write(drop, 'latin1'), DRIP_EVERY_MS);
    socket.once('close', () => clearInterval(timer));
  };
}

/** Writes a beginning, and then the same again and again, as fast as it is taken. */
function pour(start: string, more: string): Act {
  return (socket) => {
    const go = (): void => {
      while (!socket.destroyed && socket.write(more));
    };
    socket.on('drain', go).write(start);
    go();
  };
}

const resetWire: Misbehaviour['act'] = (_, { wire }) => reset(wire);

/** Says something and goes. */
function goAfter(text: string): Act {
  return (socket) => socket.write(text, () => socket.destroy());
}

function silence(): void {
  // The connection stays open.
}

const BEFORE_TLS: readonly Misbehaviour[] = [
  atConnection('accepts and says nothing', silence),
  atConnection('resets at once', resetWire),
  atConnection('hangs up at once', (socket) => socket.end()),
  atConnection('speaks plain HTTP', (socket) => socket.end(head('400 Bad Request', 'Content-Length: 0'))),
  atConnection('greets like a mail server', (socket) => socket.end('220 mail.example ESMTP\r\n')),
  atConnection('stalls in the handshake', (socket) => {
    socket.once('data', () => socket.write(Buffer.from([0x16, 0x03, 0x03])));
  }),
  atConnection('drips the handshake', (socket) => {
    socket.once('data', () => drip('\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb', '\x00')(socket));
  }),
  atConnection('has a certificate that nobody vouches for', (socket, { stranger }) => {
    stranger.emit('connection', socket);
  }),
  atConnection("has another host's certificate", (socket, { elsewhere }) => {
    elsewhere.emit('connection', socket);
  }),
];

const STATUSES: readonly Misbehaviour[] = [
  atMessage('400', answer('400 Bad Request')),
  atMessage('404', answer('404 Not Found')),
  atMessage('429, Retry-After: 1', answer('429 Too Many Requests', 'Retry-After: 1')),
  atMessage('429, Retry-After: a lifetime', answer('429 Too Many Requests', 'Retry-After: 999999999')),
  atMessage('500', answer('500 Internal Server Error')),
  atMessage('503, Retry-After: soon', answer('503 Service Unavailable', 'Retry-After: soon')),
  atMessage('redirects to itself', (socket, { ownUrl }) =>
    answer('307 Temporary Redirect', `Location: ${ownUrl}`)(socket),
  ),
  atMessage('redirects to a trap', (socket, { trapUrl }) =>
    answer('308 Permanent Redirect', `Location: ${trapUrl}`)(socket),
  ),
  atMessage(
    'redirects to where clouds keep their keys',
    answer('302 Found', 'Location: http://169.254.169.254/'),
  ),
  atMessage(
    'switches protocols',
    answer('101 Switching Protocols', 'Upgrade: websocket', 'Connection: upgrade'),
  ),
  { name: 'refuses before it has read', when: 'head', act: answer('413 Content Too Large') },
  {
    name: 'agrees before it has read',
    when: 'head',
    confirms: true,
    act: (socket) => socket.write(head('204 No Content', 'Connection: close')),
  },
];

const SILENCES: readonly Misbehaviour[] = [
  atMessage('never answers', silence),
  { name: 'never reads', when: 'head', isDeaf: true, act: silence },
  atMessage('drips the head', drip('HTTP/1.1 200 OK\r\nX-Slow: ')),
  atMessage('drips the body of an error', drip(head('500 Internal Server Error', LONG_BODY))),
  { ...atMessage('drips the body of a success', drip(head('200 OK', LONG_BODY))), confirms: true },
  atMessage('asks for patience for ever', drip('', head('103 Early Hints'))),
];

const CUTS: readonly Misbehaviour[] = [
  { name: 'resets before it has read', when: 'head', isDeaf: true, act: resetWire },
  atMessage('resets before the head', resetWire),
  atMessage('goes amid the head', goAfter('HTTP/1.1 200 OK\r\nContent-Le')),
  atMessage('goes after the head of an error', goAfter(head('502 Bad Gateway', LONG_BODY))),
  { ...atMessage('goes after the head of a success', goAfter(head('200 OK', LONG_BODY))), confirms: true },
];

const FLOODS: readonly Misbehaviour[] = [
  atMessage('pours an error without end', pour(head('500 Internal Server Error', LONG_BODY), CHUNK)),
  { ...atMessage('pours a success without end', pour(head('200 OK', LONG_BODY), CHUNK)), confirms: true },
  atMessage('pours headers without end', pour('HTTP/1.1 200 OK\r\n', `X-Filler: ${'x'.repeat(1000)}\r\n`)),
  atMessage('pours one header without end', pour('HTTP/1.1 200 OK\r\nX-Filler: ', CHUNK)),
];

const GARBAGE: readonly Misbehaviour[] = [
  atMessage('answers as SSH would', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
  atMessage('answers with noise', (socket) => socket.end(Buffer.from('00ff17a55a0d0a0d0affee', 'hex'))),
  atMessage('answers in a version that does not exist', (socket) => socket.end('HTTP/9.9 200 OK\r\n\r\n')),
  atMessage('contradicts itself on the length', (socket) =>
    socket.end(head('200 OK', 'Content-Length: 5', 'Content-Length: 7')),
  ),
  atMessage('answers twice', (socket) =>
    socket.write(head('500 Internal Server Error', 'Content-Length: 0').repeat(2)),
  ),
];

/** Every kind of bad receiver. */
export const MISBEHAVIOURS: readonly Misbehaviour[] = [
  ...BEFORE_TLS,
  ...STATUSES,
  ...SILENCES,
  ...CUTS,
  ...FLOODS,
  ...GARBAGE,
];

/** Those that hold a call up for as long as they are allowed to. */
export const HANGS: readonly Misbehaviour[] = MISBEHAVIOURS.filter(({ name }) =>
  /says nothing|stalls|drips|never|patience/.test(name),
);
