/** Output of one of several tasks that run at the same time. */
export interface Section {
  readonly write: (text: string) => void;
  readonly end: () => void;
}

/** Keeps the output of each task together: shows the oldest open section as it grows, and the others after it. */
export class Sections {
  readonly #open: { text: string; hasEnded: boolean }[] = [];

  constructor(private readonly show: (text: string) => void) {}

  open(): Section {
    const section = { text: '', hasEnded: false };
    this.#open.push(section);
    return {
      write: (text) => {
        section.text += text;
        this.#showOldest();
      },
      end: () => {
        section.hasEnded = true;
        this.#showOldest();
      },
    };
  }

  #showOldest(): void {
    for (let [oldest] = this.#open; oldest !== undefined; [oldest] = this.#open) {
      this.show(oldest.text);
      oldest.text = '';
      if (!oldest.hasEnded) return;
      this.#open.shift();
    }
  }
}
