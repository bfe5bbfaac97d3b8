import { Injectable, Logger } from '@nestjs/common';
import { request } from 'undici';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';

/** Milliseconds from the request to the last byte of the answer. */
const TIME_LIMIT_MS = 10_000;

/** Bytes of an answer. The ones that matter have less than 4 KiB. */
const SIZE_LIMIT = 64 * 1024;

export interface GitHubRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export interface GitHubAnswer {
  readonly status: number;
  /** Null unless the body is a JSON object. */
  readonly json: JsonObject | null;
}

/**
 * Talks to GitHub, within bounds: it follows no redirect, waits 10 s at most and reads 64 KiB at most. When there is no
 * answer within them, it throws `github_unavailable`.
 */
@Injectable()
export class GitHubClient {
  readonly #logger = new Logger(GitHubClient.name);

  constructor(private readonly clock: Clock) {}

  async send({ method, url, headers, body }: GitHubRequest): Promise<GitHubAnswer> {
    const abort = new AbortController();
    const cancelTimer = this.clock.after(TIME_LIMIT_MS, () => abort.abort());
    try {
      const answer = await request(url, {
        method,
        headers: { 'user-agent': 'OctoStore', accept: 'application/json', ...headers },
        body,
        signal: abort.signal,
      });
      return { status: answer.statusCode, json: parseObject(await readText(answer.body)) };
    } catch (error) {
      throw this.unavailable(url, abort.signal.aborted ? 'no answer in time' : reasonOf(error), error);
    } finally {
      cancelTimer();
    }
  }

  /** Tells the log which part of GitHub is not usable and why, and makes the error for the client. */
  unavailable(url: string, reason: string, cause?: unknown): OctoStoreError {
    this.#logger.warn({ message: 'GitHub did not give a usable answer', url, reason });
    return new OctoStoreError('github_unavailable', { cause });
  }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the stream, and so the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > SIZE_LIMIT) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
