import type { Client } from '../http/client.js';
import type { LoggedEvent } from './event-log-check.js';

/** Reads the whole event log up to now through a watch stream that resumes from its beginning. */
export async function readEventLog({ url, token }: Client): Promise<LoggedEvent[]> {
  const last = await lastSequence({ url, token });
  const events: LoggedEvent[] = [];
  for await (const { event, id, data } of frames(url, token, '0')) {
    if (event === 'reset') throw new Error('the event log does not reach back to its beginning');
    events.push({ ...(JSON.parse(data) as LoggedEvent), event });
    if (Number(id) >= last) break;
  }
  return events;
}

/** The sequence of the last event up to now; 0 if there is none. */
export async function lastSequence({ url, token }: Pick<Client, 'url' | 'token'>): Promise<number> {
  for await (const { id } of frames(url, token, null)) return Number(id);
  throw new Error('the stream ended before its first frame');
}

interface Frame {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** The frames of a stream over all locks, and warnings too, so that no sequence is missing. Leaving the loop closes it, and so does the signal. */
export async function* frames(
  url: string,
  token: string | null,
  lastEventId: string | null,
  signal: AbortSignal | null = null,
): AsyncGenerator<Frame> {
  const response = await fetch(
    `${url}/watch?events=*,warning&prefix=${lastEventId === null ? 'no-such-lock' : ''}`,
    {
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      },
    },
  );
  if (response.status !== 200 || response.body === null) throw new Error(`no stream: ${response.status}`);
  let rest = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (block.includes('event: ')) yield toFrame(block);
  }
}

function toFrame(block: string): Frame {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return { event: fields.get('event') ?? '', id: fields.get('id') ?? '', data: fields.get('data') ?? '' };
}
