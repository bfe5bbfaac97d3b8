import { isAbsolute, relative } from 'node:path';
import { RULES } from '@octostore/client';

const ALLOWED = /[^a-zA-Z0-9._-]/gu;

/** A path that cannot be the name of a lock. Its message says why, and what to do. */
export class UnusablePath extends Error {
  override readonly name = 'UnusablePath';
}

/**
 * Names the locks of the files in a workspace, so that agents on different machines get the same name for the same file.
 *
 * The name is the workspace, `/`, and the path below the root of the workspace. Characters that lock names cannot have become `_`
 * and the two hexadecimal digits of each of their bytes.
 */
export class Workspace {
  /**
   * @param name the first components of all names. Every agent that works on the same files gives the same.
   * @param root the folder that absolute paths are below. Null if the server runs elsewhere than the agent.
   */
  constructor(
    readonly name: string,
    private readonly root: string | null,
  ) {}

  /** The name of the lock of a file or folder. Throws `UnusablePath`. */
  lockOf(path: string): string {
    const below = this.#belowRoot(path.normalize('NFC')).replaceAll('\\', '/');
    const components = below.split('/').filter((component) => component !== '' && component !== '.');
    if (components.includes('..')) throw unusable(path, 'it leads out of the workspace with ".."');
    if (components.length === 0) throw unusable(path, 'it is the workspace itself');
    const name = [this.name, ...components.map(escaped)].join('/');
    checkLength(path, name);
    return name;
  }

  #belowRoot(path: string): string {
    if (!isAbsolute(path)) return path;
    if (this.root === null)
      throw unusable(path, 'it is absolute, and this server does not know your folders');
    return relative(this.root, path);
  }
}

function escaped(component: string): string {
  return component.replaceAll(ALLOWED, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function checkLength(path: string, name: string): void {
  const { lock_name_length_max: max, lock_name_component_length_max: componentMax } = RULES;
  if (name.length > max)
    throw unusable(path, `its lock would be ${name.length} characters long, and ${max} is the most`);
  const long = name.split('/').find((component) => component.length > componentMax);
  if (long === undefined) return;
  throw unusable(
    path,
    `"${long}" would be ${long.length} characters long, and a component has at most ${componentMax}`,
  );
}

function unusable(path: string, why: string): UnusablePath {
  return new UnusablePath(
    `The path "${path}" cannot be claimed: ${why}. Give a path relative to the root of the workspace, or agree with the other agents on a name and give that in "names".`,
  );
}
