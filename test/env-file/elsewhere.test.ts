import { loaderNames } from '../../src/env-file/loader.js';
import { cases, seed } from '../support/seed.js';
import { corpus } from './corpus.js';
import { describeDifferential } from './describe-differential.js';
import { ofThisNode } from './real/loaders.js';

// loaders that run elsewhere than in Node: no version of it makes a difference to them
describeDifferential(
  loaderNames.filter((name) => !ofThisNode(name)),
  corpus(seed, cases(1000)),
);
