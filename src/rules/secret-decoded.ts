import { defineRule } from '../core/rule.js';
import { at, seen, shown, signedByFrontend, verifiedByBackend, works } from './source/seen.js';

export default defineRule({
  id: 'secret-decoded',
  title: 'by their sources, one side decodes the shared secret and the other takes its text',
  causes: {
    'one-side': {
      certainty: 'likely',
      text: 'the {side} decodes the secret from {as}, and the {other} takes its text as it is',
      means: 'the same variable gives two different keys: every signature is refused',
      fix: ['at {place}: take the text of the secret, without decoding it'],
      proof: 'lockstep token which, given a token of the deployment',
      weight: 86,
    },
  },
  match(evidence) {
    const signed = signedByFrontend(evidence);
    const secret = verifiedByBackend(evidence).filter(({ data }) => data.key === 'secret');
    // both keys must have been followed to where they come from
    const read = (side: 'frontend' | 'backend') => seen(evidence, 'secret.read', side).length > 0;
    if (signed.length === 0 || secret.length === 0 || !read('frontend') || !read('backend') || works(evidence))
      return [];
    const frontend = seen(evidence, 'secret.decoded', 'frontend');
    const backend = seen(evidence, 'secret.decoded', 'backend');
    const [one] = [...frontend, ...backend];
    if (one === undefined || (frontend.length > 0 && backend.length > 0)) return [];
    const side = backend.length > 0 ? 'backend' : 'frontend';
    const other = side === 'backend' ? 'frontend' : 'backend';
    return [
      {
        cause: 'one-side' as const,
        guilty: side,
        data: { side, other, as: one.data.as ?? null, place: at(one) },
        because: [one, ...signed, ...secret].map(shown),
      },
    ];
  },
});
