/** What a file of settings says. Nothing in it but `settings` holds a value, since values may be secrets. */
export interface ParsedEnvFile {
  readonly settings: ReadonlyMap<string, Setting>;
  /** Why the file cannot be taken as it stands, each with its line. */
  readonly violations: readonly string[];
  /** What was taken, but may not be what was meant. */
  readonly warnings: readonly string[];
}

export interface Setting {
  readonly value: string;
  readonly line: number;
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(.*)$/;
const NOTHING = /^\s*(?:#.*)?$/;
const UNREADABLE = /[\0\uFFFD]/;

/**
 * Parses `NAME=value` lines, with `#` comments, an optional `export`, and values in quotes that may span lines. Of what is well
 * formed it makes the same as `util.parseEnv`; but that drops or misreads other lines silently, in each version of Node differently.
 *
 * @param text with `\n` as line end.
 */
export function parseEnvFile(text: string): ParsedEnvFile {
  return new Parser(text.split('\n')).parse();
}

class Parser {
  readonly #settings = new Map<string, Setting>();
  readonly #violations: string[] = [];
  readonly #warnings: string[] = [];
  #index = 0;

  constructor(private readonly lines: readonly string[]) {}

  parse(): ParsedEnvFile {
    while (this.#index < this.lines.length) this.#parseLine();
    return { settings: this.#settings, violations: this.#violations, warnings: this.#warnings };
  }

  #parseLine(): void {
    const line = this.lines[this.#index++] ?? '';
    if (NOTHING.test(line)) return;
    const number = this.#index;
    const [, name = '', rest = ''] = ASSIGNMENT.exec(line) ?? [];
    if (UNREADABLE.test(line)) this.#violations.push(`line ${number} is not text in UTF-8`);
    else if (name === '') this.#violations.push(`line ${number} is not NAME=value`);
    else this.#set(name, number, this.#valueOf(rest, name, number));
  }

  #set(name: string, line: number, value: string | null): void {
    if (value === null) return;
    const earlier = this.#settings.get(name);
    if (earlier !== undefined) {
      this.#warnings.push(
        `line ${line} sets a name that line ${earlier.line} sets too; the later one counts`,
      );
    }
    this.#settings.set(name, { value, line });
  }

  #valueOf(rest: string, name: string, line: number): string | null {
    const quote = /^["'`]/.exec(rest)?.[0];
    if (quote !== undefined) return this.#quoted(quote, rest.slice(1), line);
    const hash = rest.indexOf('#');
    if (hash > 0 && !/\s/.test(rest[hash - 1] ?? '')) {
      this.#warnings.push(
        `line ${line}: the value of ${name} ends before the #; put it in quotes if the # belongs to it`,
      );
    }
    return (hash === -1 ? rest : rest.slice(0, hash)).trim();
  }

  /** Reads on to the closing quote, which may be on a later line. */
  #quoted(quote: string, first: string, line: number): string | null {
    let text = first;
    let next = this.#index;
    while (!text.includes(quote) && next < this.lines.length) text += `\n${this.lines[next++] ?? ''}`;
    const end = text.indexOf(quote);
    const isClosed = end !== -1 && NOTHING.test(text.slice(end + 1));
    if (!isClosed) {
      const problem = end === -1 ? 'is not closed' : 'is followed by more text after its end';
      this.#violations.push(`line ${line}: the quote that begins there ${problem}`);
      return null;
    }
    this.#index = next;
    const value = text.slice(0, end);
    return quote === '"' ? value.replaceAll(String.raw`\n`, '\n') : value;
  }
}
