/** The content of a file of settings. Only `settings` contains values, because they may be secrets. */
export interface ParsedEnvFile {
  readonly settings: ReadonlyMap<string, Setting>;
  /** Why the file cannot be used, each with its line number. */
  readonly violations: readonly string[];
  /** Likely mistakes in what was accepted. */
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
 * Parses `NAME=value` lines, with `#` comments, an optional `export`, and values in quotes, which may span lines. Valid lines
 * mean the same as in `util.parseEnv`. We do not use that, because it silently drops or misreads other lines, differently in
 * each version of Node.
 * @param text Text with `\n` as line end.
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
    if (UNREADABLE.test(line)) this.#violations.push(`line ${number} is not valid UTF-8`);
    else if (name === '') this.#violations.push(`line ${number} is not NAME=value`);
    else this.#set(name, number, this.#valueOf(rest, name, number));
  }

  #set(name: string, line: number, value: string | null): void {
    if (value === null) return;
    const earlier = this.#settings.get(name);
    if (earlier !== undefined) {
      this.#warnings.push(
        `line ${line} overrides line ${earlier.line}, because both set the same name. Remove one of them`,
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
        `line ${line}: the value of ${name} ends before the #. If the # belongs to it, put the value in quotes`,
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
      const problem = end === -1 ? 'is never closed' : 'has more text after its end';
      this.#violations.push(`line ${line}: the quoted value ${problem}`);
      return null;
    }
    this.#index = next;
    const value = text.slice(0, end);
    return quote === '"' ? value.replaceAll(String.raw`\n`, '\n') : value;
  }
}
