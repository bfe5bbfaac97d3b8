import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import type { Mutant } from './report.js';

const PROJECT = 'tsconfig.build.json';

/** A mutant with an unused name or an unreachable line still runs, so it counts as valid. */
const LENIENT: ts.CompilerOptions = {
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
};

/** Checks which mutants compile. It keeps the compiled program between mutants, so that each check is fast. */
export class Compiler {
  readonly #texts = new Map<string, string>();
  #version = 0;
  readonly #service: ts.LanguageService;

  constructor(project = PROJECT) {
    this.#service = ts.createLanguageService(this.#hostOf(readProject(project)));
  }

  /** Whether the mutated file compiles. */
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
