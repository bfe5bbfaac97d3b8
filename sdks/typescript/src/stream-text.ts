import { OctoStoreError, TimeoutError } from './errors.js';
import { RULES } from './rules.js';
import { networkError } from './transport.js';

/** The text of a stream. Throws if it is silent for so long that the connection must be dead. */
export async function* textOf(
  response: Response,
  connection: AbortController,
  server: string,
): AsyncGenerator<string, void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  const silence = new TimeoutError(`the stream of ${server} was silent for ${RULES.watch_silence_ms_max} ms`);
  for (;;) {
    const timer = setTimeout(() => connection.abort(silence), RULES.watch_silence_ms_max);
    try {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    } catch (error) {
      throw error instanceof OctoStoreError ? error : networkError(error, server);
    } finally {
      clearTimeout(timer);
    }
  }
}
