import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import type { Mutant } from './report.js';

const PROJECT = 'tsconfig.build.json';

/** A mutant that leaves a name unused or a line unreachable does run, so that alone must not rule it out. */
const LENIENT: ts.CompilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
};

/** Tells which mutants compile. It keeps the compiled program between mutants, so that each one takes little time. */
export class Compiler {
  readonly #texts = new Map<string, string>();
  #version = 0;
  readonly #service: ts.LanguageService;

  constructor(project = PROJECT) {
    this.#service = ts.createLanguageService(this.#hostOf(readProject(project)));
  }

  /** Whether the file of a mutant compiles with it. */
  accepts({ file, text }: Pick<Mutant, 'file' | 'text'>): boolean {
    const path = resolve(file);
    this.#texts.clear();
    this.#texts.set(path, text);
    this.#version += 1;
    return (
      this.#service.getSyntacticDiagnostics(path).length === 0 &&
      this.#service.getSemanticDiagnostics(path).length === 0
    );
  }

  #hostOf({ fileNames, options }: ts.ParsedCommandLine): ts.LanguageServiceHost {
    return {
      getScriptFileNames: () => fileNames,
      getScriptVersion: (path) => (this.#texts.has(path) ? String(this.#version) : 'on disk'),
      getScriptSnapshot: (path) => {
        const text = this.#texts.get(path) ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => process.cwd(),
      getCompilationSettings: () => ({ ...options, ...LENIENT }),
      getDefaultLibFileName: (compilerOptions) => ts.getDefaultLibFilePath(compilerOptions),
      fileExists: (path) => ts.sys.fileExists(path),
      readFile: (path) => ts.sys.readFile(path),
      directoryExists: (path) => ts.sys.directoryExists(path),
    };
  }
}

function readProject(path: string): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(path));
}
