/** Verbs that begin a sentence that says what to do, maybe after a condition or "to do this". */
const IMPERATIVES = [
  'add',
  'ask',
  'call',
  'change',
  'check',
  'choose',
  'close',
  'correct',
  'create',
  'delete',
  'end',
  'fix',
  'give',
  'install',
  'list',
  'look',
  'make',
  'move',
  'name',
  'open',
  'put',
  'raise',
  'read',
  'release',
  'remove',
  'repeat',
  'replace',
  'report',
  'restore',
  'resume',
  'retry',
  'revoke',
  'run',
  'say',
  'see',
  'send',
  'set',
  'shorten',
  'sign',
  'split',
  'start',
  'stop',
  'take',
  'tell',
  'try',
  'use',
  'wait',
] as const;

const ADVICE = new RegExp(
  String.raw`^(?:(?:To|If|When|Then|First|Otherwise)\b[^.]*?,? )?(?:${IMPERATIVES.join('|')})\b`,
  'i',
);

const CODE_WORDS = /undefined|\bnull\b|\bNaN\b|\[object \w+\]|\bSQLITE_\w+|\b[A-Z]\w*Error\b|\bE[A-Z]{4,}\b/;

const SENTENCES_MAX = 3;

/** What is wrong with an error message. It says first what happened, then what to do about it. */
export function complaintsAbout(text: string): string[] {
  const sentences = text.split(/(?<=\.)\s+(?=[A-Z0-9"`])/);
  const codeWord = CODE_WORDS.exec(text)?.[0];
  return [
    ...(beginsWell(text) ? [] : ['does not begin with a capital']),
    ...(/[.?]$/.test(text) ? [] : ['does not end with a full stop']),
    ...(sentences.length > SENTENCES_MAX ? [`has ${sentences.length} sentences`] : []),
    ...(ADVICE.test(sentences.at(-1) ?? '') ? [] : ['does not say what to do in its last sentence']),
    ...(codeWord === undefined ? [] : [`has "${codeWord}"`]),
  ];
}

/** Begins with a capital, or with the name of a file or setting. */
function beginsWell(text: string): boolean {
  return /^[A-Z"`/]/.test(text) || /^[\w-]+\.\w+ /.test(text);
}
