import { defineRule } from '../core/rule.js';
import { at, ourKeys, pluginThatSigns, shown, works } from './source/seen.js';

export default defineRule({
  id: 'jwks-path',
  title: 'the backend fetches the keys from a path at which the frontend has none',
  causes: {
    elsewhere: {
      certainty: 'likely',
      text: 'the backend fetches the keys from {asked}, and Better Auth serves them at {served}',
      means: 'the answer is 404, and no token can be verified',
      fix: ['at {place}: fetch {served}'],
      proof: 'lockstep check token: the keys are fetched there',
      weight: 83,
    },
  },
  match(evidence) {
    const plugin = pluginThatSigns(evidence);
    const served = plugin?.data.jwksPath;
    if (plugin === null || typeof served !== 'string' || works(evidence)) return [];
    const urls = ourKeys(evidence);
    const fits = ({ data }: (typeof urls)[number]) =>
      served.endsWith(String(data.path)) || String(data.path).endsWith(served);
    const [first] = urls;
    if (first === undefined || urls.some(fits)) return [];
    return [
      {
        cause: 'elsewhere' as const,
        guilty: 'backend' as const,
        data: { asked: String(first.data.path), served, place: at(first) },
        because: [plugin, ...urls].map(shown),
      },
    ];
  },
});
