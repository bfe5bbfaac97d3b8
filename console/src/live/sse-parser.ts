/** One frame of an event stream. */
export interface Frame {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Reads frames out of text that arrives in pieces. `EventSource` cannot send an Authorization header, so we read streams ourselves. */
export class SseParser {
  #rest = '';

  /** The frames that are complete with this piece. Comments, which keep the connection alive, are left out. */
  push(piece: string): Frame[] {
    const blocks = (this.#rest + piece).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(frameOf).filter((frame) => frame !== null);
  }
}

function frameOf(block: string): Frame | null {
  let event = 'message';
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const field = line.slice(0, colon);
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, id, data: data.join('\n') };
}
