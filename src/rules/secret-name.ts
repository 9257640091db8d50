import { defineRule } from '../core/rule.js';
import { at, seen, shown, works } from './source/seen.js';

export default defineRule({
  id: 'secret-name',
  title: 'a side reads its secret from a variable that its env files do not set',
  causes: {
    'not-set': {
      certainty: 'likely',
      text: 'the {side} reads its secret from {name}, and its env files set {others} only',
      means: 'it runs without a secret, or on a fallback, whatever the files say',
      fix: ['at {place}: read {others}', 'or set {name} in the env file of the {side}'],
      proof: 'start the {side} and print whether {name} is set',
      weight: 80,
    },
  },
  match(evidence) {
    if (works(evidence)) return [];
    const byJwks = seen(evidence, 'verify.call', 'backend').some(({ data }) => data.key === 'jwks');
    return (['frontend', 'backend'] as const).flatMap((side) => {
      const files = evidence.files?.[side];
      const reads = seen(evidence, 'secret.read', side);
      const [first] = reads;
      if (side === 'backend' && byJwks) return [];
      if (first === undefined || files === undefined || files.secretNames.length === 0) return [];
      const started = evidence.processes?.[side]?.names ?? [];
      const known = new Set([
        ...files.secretNames,
        ...started,
        ...evidence.holders.filter((each) => each.kind === 'shell').map(({ name }) => name),
      ]);
      // Better Auth itself goes on to these when its own is absent
      const usual = side === 'frontend' ? ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS', 'AUTH_SECRET'] : [];
      if ([...reads.map(({ data }) => String(data.name)), ...usual].some((name) => known.has(name))) return [];
      const others = files.secretNames.join(', ');
      return [
        {
          cause: 'not-set' as const,
          guilty: side,
          data: { side, name: first.data.name ?? null, others, place: at(first) },
          because: reads.map(shown),
        },
      ];
    });
  },
});
