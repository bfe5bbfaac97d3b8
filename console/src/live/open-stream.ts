import { send } from '../api/client';
import { errorOf } from '../api/api-error';
import { SseParser, type Frame } from './sse-parser';

/**
 * Reads a stream until it ends. Throws `ApiError` if the server refuses it, and whatever `fetch` throws if the connection breaks.
 *
 * @param after resumes behind this event, without the present state.
 */
export async function* openStream(
  path: string,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  const headers = new Headers({ Accept: 'text/event-stream' });
  if (after !== null) headers.set('Last-Event-ID', after);
  const response = await send(
    new Request(new URL(path, location.origin), { headers, signal, cache: 'no-store' }),
  );
  if (!response.ok || response.body === null) {
    throw errorOf(response.status, await response.json().catch(() => null));
  }
  yield OPENED;
  const parser = new SseParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Comes before all others, when the server has accepted the stream. It may have nothing to say for hours. */
export const OPENED: Frame = { event: 'opened', id: null, data: '' };
