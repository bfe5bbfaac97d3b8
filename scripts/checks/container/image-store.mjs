import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { run } from '../run.mjs';

const HOUR = 3_600_000;

/** Images of Buildah in a folder of the checks, on file systems that cannot stack layers either. */
export class ImageStore {
  #options;

  constructor(folder = join(root, 'build', 'images')) {
    mkdirSync(folder, { recursive: true });
    this.#options = [
      '--root',
      join(folder, 'storage'),
      '--runroot',
      join(folder, 'run'),
      '--storage-driver',
      'vfs',
    ];
  }

  has(image) {
    return this.#buildah('images', '--format', '{{.Name}}').split('\n').includes(image);
  }

  /** Makes an image of a folder. */
  add(folder, image, environment) {
    const id = this.#buildah('from', 'scratch').trim();
    run('cp', ['-a', `${folder}/.`, this.#buildah('mount', id).trim()], { withinMs: HOUR });
    const settings = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    this.#buildah('config', ...settings, id);
    this.#buildah('commit', '--quiet', '--rm', id, image);
  }

  build(folder, argumentsOfBuild, image) {
    const options = Object.entries(argumentsOfBuild).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${value}`,
    ]);
    // Packages that npm already has need not be loaded again.
    const cache = `${join(homedir(), '.npm')}:/root/.npm`;
    mkdirSync(join(homedir(), '.npm'), { recursive: true });
    this.#buildah(
      'build',
      // The other format has no health checks.
      '--format=docker',
      '--layers',
      '--isolation=chroot',
      '--volume',
      cache,
      ...options,
      '--tag',
      image,
      folder,
    );
  }

  configOf(image) {
    return JSON.parse(this.#buildah('inspect', '--type', 'image', image)).Docker.config;
  }

  /** Calls `use` with the folder that has the files of an image. */
  async withMounted(image, use) {
    const id = this.#buildah('from', image).trim();
    try {
      return await use(this.#buildah('mount', id).trim());
    } finally {
      this.#buildah('rm', id);
    }
  }

  #buildah(...args) {
    return run('buildah', [...this.#options, ...args], { withinMs: HOUR });
  }
}
