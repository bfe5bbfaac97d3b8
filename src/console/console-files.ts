import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { filesIn, ownFileNames, readOwnFile } from '../program/own-files.js';
import { ENCODINGS, type Encoding } from './encodings.js';

/** One form of a file, compressed or as it is. */
export interface FileBody {
  readonly bytes: Buffer;
  /** Null if it is not compressed. */
  readonly encoding: Encoding | null;
  readonly etag: string;
}

export interface ConsoleFile {
  readonly contentType: string;
  /** Whether another version of it would have another name. */
  readonly isHashed: boolean;
  /** The best compressed form first, and the file as it is last. */
  readonly bodies: readonly FileBody[];
}

/** The build gives each file in this folder a name that contains a hash of its content. */
const HASHED = 'assets/';

const PAGE = 'index.html';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * The files of the console, in memory. They are read once: together they are small, and a running server goes on with one build
 * while the next one is being installed. A path is only looked up, so none leads out of the folder.
 */
export class ConsoleFiles {
  /** By their paths in the folder, with `/` in between. */
  readonly #files: ReadonlyMap<string, ConsoleFile>;

  private constructor(files: ReadonlyMap<string, ConsoleFile>) {
    this.#files = files;
  }

  /**
   * There are none if the console was not built.
   *
   * @param folder if left out, the files that come with the program.
   */
  static load(folder?: string): ConsoleFiles {
    const contents = folder === undefined ? ownContents() : contentsOf(folder);
    const paths = [...contents.keys()].filter((path) => !isCompressed(path));
    return new ConsoleFiles(new Map(paths.map((path) => [path, fileAt(path, contents)])));
  }

  /** Whether there is a console to serve. */
  get isBuilt(): boolean {
    return this.#files.has(PAGE);
  }

  /**
   * The file at a path of the folder. The console finds out itself what the paths of its views mean, so for them it is the page. Null if
   * a hashed file is missing, or the console was not built.
   */
  at(path: string): ConsoleFile | null {
    return this.#files.get(path) ?? (path.startsWith(HASHED) ? null : (this.#files.get(PAGE) ?? null));
  }
}

function ownContents(): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (const path of ownFileNames('console')) {
    const content = readOwnFile('console', path);
    if (content !== null) contents.set(path, content);
  }
  return contents;
}

function contentsOf(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(filesIn(folder).map((path) => [path, readFileSync(join(folder, path))]));
}

function isCompressed(path: string): boolean {
  return ENCODINGS.some(({ ending }) => path.endsWith(ending));
}

function fileAt(path: string, contents: ReadonlyMap<string, Buffer>): ConsoleFile {
  const compressed = ENCODINGS.map(({ encoding, ending }) => bodyOf(contents.get(path + ending), encoding));
  const bodies = [...compressed, bodyOf(contents.get(path), null)].filter((body) => body !== null);
  const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
  return { contentType, isHashed: path.startsWith(HASHED), bodies };
}

function bodyOf(bytes: Buffer | undefined, encoding: Encoding | null): FileBody | null {
  if (bytes === undefined) return null;
  return { bytes, encoding, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}
