import { loaderNames } from '../../src/env-file/loader.js';
import { cases, seed } from '../support/seed.js';
import { corpus } from './corpus.js';
import { describeDifferential } from './describe-differential.js';
import { ofThisNode } from './real/loaders.js';

describeDifferential(loaderNames.filter(ofThisNode), corpus(seed, cases(1000)));
