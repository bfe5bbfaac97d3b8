/** PostgreSQL cannot store the character NUL, and refuses half a surrogate pair. Both are written as two or more other characters. */
const ESCAPE = '\u0001';

const HALF_PAIR = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const TO_ESCAPE = new RegExp(`[\0${ESCAPE}]|${HALF_PAIR}`, 'g');
const ESCAPED = new RegExp(`${ESCAPE}(?:([01])|2([0-9a-f]{4}))`, 'g');

/** Text as it is stored. Different texts stay different, and a prefix stays a prefix. */
export function escapeText(text: string): string {
  return text.replaceAll(TO_ESCAPE, escapeCharacter);
}

/** The text that was stored. */
export function unescapeText(stored: string): string {
  return stored.includes(ESCAPE) ? stored.replaceAll(ESCAPED, unescapeCharacter) : stored;
}

/** Whether JSON may contain a character that `escapeText` changes. It looks at the JSON only, so that it costs little. */
export function mayNeedEscape(json: string): boolean {
  return json.includes('\\u000') || json.includes('\\ud');
}

function escapeCharacter(character: string): string {
  if (character === '\0') return `${ESCAPE}0`;
  if (character === ESCAPE) return `${ESCAPE}1`;
  return `${ESCAPE}2${character.charCodeAt(0).toString(16)}`;
}

function unescapeCharacter(_: string, control: string | undefined, surrogate = ''): string {
  if (control !== undefined) return control === '0' ? '\0' : ESCAPE;
  return String.fromCharCode(Number.parseInt(surrogate, 16));
}
