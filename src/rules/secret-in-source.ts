import type { Side } from '../core/evidence/side.js';
import type { Observation } from '../core/observation.js';
import { defineRule } from '../core/rule.js';
import { at, seen, shown } from './source/seen.js';

export default defineRule({
  id: 'secret-in-source',
  title: 'a secret is in the source, or goes to every browser',
  causes: {
    literal: {
      certainty: 'likely',
      text: 'the {side} has a secret written into its source: {purpose}',
      means: 'env files do not count, and whoever reads the repository can sign',
      fix: ['lockstep secret', 'at {place}: read it from the environment'],
      proof: 'lockstep token which, given a token of the deployment',
      weight: 60,
    },
    fallback: {
      certainty: 'likely',
      text: 'where {name} is absent, the {side} goes on with a secret from its source',
      means: 'a missing variable shows as a mismatch instead of an error, and whoever reads the repository can sign',
      fix: ['at {place}: let an absent {name} be an error'],
      proof: 'start the {side} without {name}',
      weight: 25,
    },
    public: {
      certainty: 'likely',
      text: '{name} is named like a secret, and its prefix sends it to every browser',
      means: 'it is no secret any more',
      fix: ['at {place}: read it on the server, under a name without {prefix}', 'lockstep init --replace-secret'],
      proof: 'search the files that the browser loads for its value',
      weight: 55,
    },
  },
  match(evidence) {
    // a second instance, for a command line or a seed, may have a made-up secret
    const instances = new Set(seen(evidence, 'auth.instance').map(({ path }) => path));
    const all = seen(evidence, 'secret.literal');
    const literals = all.filter(({ path }) => instances.size < 2 || !instances.has(path));
    const fallbacks = seen(evidence, 'secret.fallback');
    const publics = seen(evidence, 'secret.public-name');
    const side = (one: Observation): Side => (one.side === 'backend' ? 'backend' : 'frontend');
    return [
      ...literals.map((one) => ({
        cause: 'literal' as const,
        guilty: side(one),
        data: { side: side(one), purpose: one.data.purpose ?? null, place: at(one) },
        because: [shown(one)],
      })),
      ...fallbacks.map((one) => ({
        cause: 'fallback' as const,
        guilty: side(one),
        data: { side: side(one), name: one.data.name ?? null, place: at(one) },
        because: [shown(one)],
      })),
      ...publics.map((one) => ({
        cause: 'public' as const,
        guilty: side(one),
        data: { name: one.data.name ?? null, prefix: one.data.prefix ?? null, place: at(one) },
        because: [shown(one)],
      })),
    ] as const;
  },
});
