import type { IncomingMessage, ServerResponse } from 'node:http';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Replies } from '../http/answer/replies.js';
import type { ConsoleFile, ConsoleFiles, FileBody } from './console-files.js';
import { acceptedEncodings } from './encodings.js';

/** Where the console is, in Express's syntax. */
export const CONSOLE_PATHS = ['/console', '/console/*path'] as const;

const BEFORE_PATH = /^\/console\/?/;

/** Nothing that the page shows can run a script, and no other website can show or use the page. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  // Lock names are in the addresses of the pages.
  'Referrer-Policy': 'no-referrer',
} as const;

const FOREVER = 'public, max-age=31536000, immutable';

/** Serves the console. It needs neither a store nor an account, so every server does this itself. */
export class ConsolePages {
  readonly #files: ConsoleFiles;
  readonly #replies: Replies;

  constructor(files: ConsoleFiles, replies: Replies) {
    this.#files = files;
    this.#replies = replies;
  }

  /** Whether a path without its query is one of the console's. */
  static isAt(path: string): boolean {
    return path === '/console' || path.startsWith('/console/');
  }

  /** Answers a GET or HEAD for one of `CONSOLE_PATHS`. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const file = this.#files.at(path.replace(BEFORE_PATH, ''));
    if (file === null) this.#replies.sendError(response, this.#nothingThere());
    else this.#send(file, request, response);
  }

  #nothingThere(): OctoStoreError {
    return new OctoStoreError('route_not_found', this.#files.isBuilt ? {} : { details: NOT_BUILT });
  }

  #send(file: ConsoleFile, { headers }: IncomingMessage, response: ServerResponse): void {
    const body = bodyFor(file, headers['accept-encoding']);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    response
      .setHeader('Cache-Control', file.isHashed ? FOREVER : 'no-cache')
      .setHeader('Content-Type', file.contentType)
      .setHeader('ETag', body.etag);
    if (file.bodies.length > 1) response.setHeader('Vary', 'Accept-Encoding');
    if (body.encoding !== null) response.setHeader('Content-Encoding', body.encoding);
    if (isKnown(body, headers['if-none-match'])) this.#replies.sendNotModified(response);
    else this.#replies.sendBytes(response, body.bytes, 200);
  }
}

function bodyFor({ bodies }: ConsoleFile, acceptEncoding: string | undefined): FileBody {
  const accepted = acceptedEncodings(acceptEncoding);
  const body = bodies.find(({ encoding }) => encoding === null || accepted.has(encoding));
  if (body === undefined) throw new Error('every file is also there as it is');
  return body;
}

/** Whether the client has these bytes already. */
function isKnown({ etag }: FileBody, ifNoneMatch: string | undefined): boolean {
  return (ifNoneMatch ?? '').split(',').some((text) => {
    const tag = text.trim().replace(/^W\//, '');
    return tag === etag || tag === '*';
  });
}

const NOT_BUILT =
  'The console was not built with this server. Run `npm run build`, and restart the server. The API is described at /docs.';
