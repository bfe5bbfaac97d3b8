import { baseNodeStep } from './base-node.mjs';
import { bundleStep } from './bundle.mjs';
import { checksumsStep } from './checksums.mjs';
import { debianStep } from './debian.mjs';
import { executableStep } from './executable.mjs';
import { licencesStep } from './licences.mjs';
import { npmStep } from './npm.mjs';
import { sbomStep } from './sbom.mjs';

/**
 * What a release consists of, in the order in which it is made. A step has a name, a sentence that says what it makes, the
 * steps whose results it `needs`, and `run`.
 */
export const STEPS = [
  baseNodeStep,
  bundleStep,
  licencesStep,
  sbomStep,
  executableStep,
  npmStep,
  debianStep,
  // Covers whatever the others have made, so it stays last.
  checksumsStep,
];
