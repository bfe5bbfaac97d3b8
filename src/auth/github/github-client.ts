import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { NoAnswerError, sendLimited, type LimitedAnswer } from '../sign-in/limited-request.js';

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
  readonly headers: LimitedAnswer['headers'];
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

  async send(request: GitHubRequest): Promise<GitHubAnswer> {
    try {
      const { status, headers, text } = await sendLimited(this.clock, { ...request, sizeLimit: SIZE_LIMIT });
      return { status, headers, json: parseObject(text) };
    } catch (error) {
      const reason = error instanceof NoAnswerError ? error.message : 'unknown';
      throw this.unavailable(request.url, reason, error);
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
