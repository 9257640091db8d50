import { defineRule } from '../core/rule.js';
import { at, pluginThatSigns, seen, shown, signedByFrontend } from './source/seen.js';

export default defineRule({
  id: 'verification-off',
  title: 'the backend reads tokens and verifies none',
  causes: {
    'nothing-verified': {
      certainty: 'likely',
      text: 'the backend reads claims with {library} and verifies no signature anywhere',
      means: 'anybody is whoever they say: a token that nobody signed is taken',
      fix: ['at {place}: verify the signature'],
      proof: 'lockstep check token/signature-verified',
      weight: 65,
    },
  },
  match(evidence) {
    // reading the claims of a token that is verified as well is usual; so is decoding one's own in a browser
    const [off, ...more] = seen(evidence, 'verify.off', 'backend').filter(({ path }) => path.endsWith('.py'));
    if (off === undefined || seen(evidence, 'verify.call', 'backend').length > 0) return [];
    // without tokens of the frontend these are somebody else's
    if (pluginThatSigns(evidence) === null && signedByFrontend(evidence).length === 0) return [];
    return [
      {
        cause: 'nothing-verified' as const,
        guilty: 'backend' as const,
        data: { library: off.data.library ?? null, place: at(off) },
        because: [off, ...more].map(shown),
      },
    ];
  },
});
