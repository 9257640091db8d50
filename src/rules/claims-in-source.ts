import type { Observation } from '../core/observation.js';
import { defineRule } from '../core/rule.js';
import { at, pluginThatSigns, shown, verifiedByBackend, works } from './source/seen.js';

export default defineRule({
  id: 'claims-in-source',
  title: 'by their sources, the backend asks for another issuer or audience than the frontend writes',
  causes: {
    issuer: {
      certainty: 'likely',
      text: 'the backend asks for the issuer {asked}, and the jwt plugin writes {written}',
      means: 'every token is refused with 401; the two are compared letter by letter',
      fix: ['at {place}: ask for {written}'],
      proof: 'lockstep token decode, given a token of the deployment: its `iss`',
      weight: 82,
    },
    audience: {
      certainty: 'likely',
      text: 'the backend asks for the audience {asked}, and the jwt plugin writes {written}',
      means: 'every token is refused with 401',
      fix: ['at {place}: ask for {written}'],
      proof: 'lockstep token decode, given a token of the deployment: its `aud`',
      weight: 82,
    },
    'audience-not-asked': {
      certainty: 'likely',
      text: 'the backend calls PyJWT without `audience`, and every token of the jwt plugin has an audience',
      means: 'PyJWT refuses every token: InvalidAudienceError',
      fix: [
        'at {place}: say `audience=`, the origin of BETTER_AUTH_URL unless the option `jwt.audience` says otherwise',
      ],
      proof: 'lockstep token verify --json: what PyJWT would say',
      weight: 84,
    },
  },
  match(evidence) {
    const plugin = pluginThatSigns(evidence);
    if (plugin === null || works(evidence)) return [];
    const alg = String(plugin.data.alg ?? '');
    const calls = verifiedByBackend(evidence).filter(({ data }) => String(data.algorithms).split(', ').includes(alg));
    const [first] = calls;
    if (first === undefined) return [];
    const differs = (claim: 'issuer' | 'audience') => {
      const written = textOf(plugin, claim);
      const asked = calls.map((call) => textOf(call, claim));
      return written !== null && asked.every((each) => each !== null && each !== written)
        ? { written, asked: asked[0] ?? null, place: at(first) }
        : null;
    };
    const found = { guilty: 'backend' as const, because: [plugin, ...calls].map(shown) };
    const issuer = differs('issuer');
    const audience = differs('audience');
    const silent = calls.every(({ data }) => data.library === 'PyJWT' && data.audienceFrom === 'absent');
    return [
      ...(issuer === null ? [] : [{ cause: 'issuer' as const, data: issuer, ...found }]),
      ...(audience === null ? [] : [{ cause: 'audience' as const, data: audience, ...found }]),
      ...(silent ? [{ cause: 'audience-not-asked' as const, data: { place: at(first) }, ...found }] : []),
    ];
  },
});

/** The text of a claim, where the source says it: not a variable of the environment, nor what cannot be known. */
function textOf({ data }: Observation, claim: 'issuer' | 'audience'): string | null {
  const known = data[`${claim}From`] === 'text' || data[`${claim}From`] === 'baseURL';
  return known && typeof data[claim] === 'string' ? (data[claim] as string) : null;
}
