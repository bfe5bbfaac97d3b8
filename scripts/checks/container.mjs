import { strictEqual as equal } from 'node:assert';
import { makeBase } from './container/base.mjs';
import { ImageStore } from './container/image-store.mjs';
import { withServerIn } from './container/run-image.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const BASE = 'localhost/octostore-base';
const IMAGE = 'localhost/octostore';

/**
 * The image: built with Buildah on a base that debootstrap makes, because no registry of images is needed then. Needs root, and Debian's
 * packages buildah and debootstrap.
 */
export const container = {
  name: 'container',
  what: 'The image, built with Buildah, and a server in it that can write only to its volume',
  version: () => run('buildah', ['--version']).trim(),
  run: async () => {
    const images = new ImageStore();
    if (!images.has(BASE)) makeBase(images, BASE);
    images.build(root, { BASE, BUILD_BASE: BASE }, IMAGE);
    const { User, Healthcheck, Entrypoint, Volumes } = images.configOf(IMAGE);
    equal(User, '10001:10001');
    equal(Healthcheck.Test.join(' '), 'CMD octostore health');
    equal(Entrypoint.join(' '), 'octostore');
    equal(Object.keys(Volumes).join(), '/var/lib/octostore');
    await images.withMounted(IMAGE, withServerIn);
  },
};
