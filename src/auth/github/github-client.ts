import { Injectable, Logger } from '@nestjs/common';
import { request } from 'undici';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { readLimited } from '../limited-text.js';

/** Milliseconds from the request to the last byte of the response. */
const TIME_LIMIT_MS = 10_000;

/** Maximum size of a response, in bytes. The ones we need are under 4 KiB. */
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
 * Sends requests to GitHub. It follows no redirects, waits at most 10 s and reads at most 64 KiB. If there is no response
 * within these limits, it throws `github_unavailable`.
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
      return { status: answer.statusCode, json: parseObject(await readLimited(answer.body, SIZE_LIMIT)) };
    } catch (error) {
      throw this.unavailable(url, abort.signal.aborted ? 'no response in time' : reasonOf(error), error);
    } finally {
      cancelTimer();
    }
  }

  /** Logs which GitHub URL failed and why, and returns the error for the client. */
  unavailable(url: string, reason: string, cause?: unknown): OctoStoreError {
    this.#logger.warn({ message: 'GitHub did not return a usable response', url, reason });
    return new OctoStoreError('github_unavailable', { cause });
  }
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
