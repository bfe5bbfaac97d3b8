import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { commandLine } from '../../../src/cli/command-line.js';
import { ERRORS } from '../../../src/errors/error-table.js';
import { textsOf } from './source-texts.js';

/** Files with this ending in this place, or in folders below it. */
interface Place {
  readonly path: string;
  readonly ending: string;
}

/** Documents that are checked as they are, without their code. */
const DOCUMENTS: readonly Place[] = [
  { path: 'README.md', ending: '' },
  { path: 'CHANGELOG.md', ending: '' },
  { path: 'SECURITY.md', ending: '' },
  { path: '.env.example', ending: '' },
  { path: 'docs', ending: '.md' },
  { path: 'sdks', ending: 'README.md' },
  { path: 'sdks/conformance/scenarios', ending: '.yaml' },
  { path: 'openapi.yaml', ending: '' },
];

/** Code whose comments and sentences are checked. */
const SOURCES: readonly Place[] = [
  ...['src', 'test', 'lab', 'sdks/conformance', 'sdks/typescript', 'sdks/nestjs'].map((path) => ({
    path,
    ending: '.ts',
  })),
  { path: 'scripts', ending: '.mjs' },
];

/** Files that are not yet rewritten, and so are not checked. */
const NOT_YET: readonly string[] = [];

/** Files that quote banned phrases. */
const QUOTES = ['docs/style.md', 'test/rules/language/'];

/** Folders of installed and built files. */
const NOT_OURS = new Set([
  'node_modules',
  'dist',
  'build',
  'target',
  'vendor',
  'bin',
  'obj',
  '.venv',
  '.git',
]);

/** One checked document or source, with its name. */
export interface CheckedText {
  readonly name: string;
  readonly text: string;
}

export function checkedTexts(): CheckedText[] {
  return allTexts().filter(({ name }) => !isLeftOut(name));
}

function isLeftOut(name: string): boolean {
  return [...NOT_YET, ...QUOTES].some((start) => name.startsWith(start));
}

function allTexts(): CheckedText[] {
  return [
    ...filesOf(DOCUMENTS).map((name) => ({ name, text: withoutCode(readFileSync(name, 'utf8')) })),
    ...filesOf(SOURCES)
      .map(sourceText)
      .filter(({ text }) => text !== ''),
    { name: 'the help of the command line', text: helpOf(commandLine()) },
    {
      name: 'the error table',
      text: Object.values(ERRORS)
        .map(({ message }) => message)
        .join('\n'),
    },
  ];
}

function sourceText(name: string): CheckedText {
  return { name, text: textsOf(readFileSync(name, 'utf8')).join('\n').trim() };
}

function filesOf(places: readonly Place[]): string[] {
  return places.flatMap(filesAt);
}

function filesAt({ path, ending }: Place): string[] {
  if (statSync(path).isFile()) return path.endsWith(ending) ? [path] : [];
  const names = readdirSync(path).filter((name) => !NOT_OURS.has(name));
  return names.flatMap((name) => filesAt({ path: `${path}/${name}`, ending }));
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/```.*?```/gs, '').replaceAll(/`[^`\n]*`/g, '`…`');
}

/** The help of a command and of its subcommands. */
function helpOf(command: Command): string {
  const texts: string[] = [];
  command.configureOutput({ writeOut: (text) => texts.push(text) }).outputHelp();
  return [...texts, ...command.commands.map(helpOf)].join('\n');
}
