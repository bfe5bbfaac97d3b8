/** Characters that could control a terminal or hide text: control and format characters, line and paragraph separators. */
const UNSAFE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Writes the output of a command: one JSON document per line for programs, or else text for people. */
export class Output {
  readonly #isJson: boolean;

  constructor({ json = false }: { readonly json?: boolean }) {
    this.#isJson = json;
  }

  /** Writes one value. */
  show(value: object, forPeople: () => string): void {
    this.#write(this.#isJson ? toJson(value) : forPeople());
  }

  /** Writes an error, as JSON only: people read it on standard error. */
  error(facts: object): void {
    if (this.#isJson) this.#write(toJson({ error: facts }));
  }

  #write(text: string): void {
    if (text !== '') process.stdout.write(`${text}\n`);
  }
}

/**
 * JSON with the names that the API uses. Characters that could control a terminal are escaped, which means the same to
 * programs.
 */
export function toJson(value: object): string {
  return JSON.stringify(snakeCased(value)).replaceAll(UNSAFE_CHARACTERS, (character) =>
    Array.from({ length: character.length }, (_, at) => jsonEscape(character.charCodeAt(at))).join(''),
  );
}

function jsonEscape(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, '0')}`;
}

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snakeCased(inner),
  ]);
  return Object.fromEntries(entries);
}

type Cell = string | number | boolean | Date | null | undefined;

/** One name and value per line, aligned. Undefined values are left out. */
export function fields(pairs: Readonly<Record<string, Cell>>): string {
  const rows = Object.entries(pairs).filter(([, value]) => value !== undefined);
  return aligned(rows);
}

/** A line of headings and a line for each row, aligned. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return aligned([headings.map((heading) => heading.toUpperCase()), ...rows]);
}

function aligned(rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map(textOf));
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  );
  return texts
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function textOf(value: Cell): string {
  if (value === null || value === undefined) return '-';
  return printable(value instanceof Date ? value.toISOString() : String(value));
}

/** Someone else's text, with the characters escaped that could control a terminal. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE_CHARACTERS, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
