/** One frame of a stream of Server-Sent Events. */
export interface Frame {
  readonly event: string;
  /** Undefined if the frame has none. */
  readonly id: string | undefined;
  readonly data: string;
}

/** Assembles the frames of an event stream from chunks that may be split anywhere. */
export class FrameReader {
  #rest = '';
  #event = '';
  #id: string | undefined;
  #data: string[] = [];

  /** Returns the frames that this chunk completes. */
  read(text: string): Frame[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line.replace(/\r$/, '')));
  }

  #take(line: string): Frame[] {
    if (line === '') return this.#complete();
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') this.#event = value;
    else if (field === 'id') this.#id = value;
    else if (field === 'data') this.#data.push(value);
    return [];
  }

  #complete(): Frame[] {
    const frame = { event: this.#event || 'message', id: this.#id, data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#event = '';
    this.#id = undefined;
    this.#data = [];
    return isEmpty ? [] : [frame];
  }
}
