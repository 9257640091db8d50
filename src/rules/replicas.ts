import type { SampleSeen } from '../core/evidence/backend.js';
import type { Side } from '../core/evidence/side.js';
import type { CauseSpecs, Found } from '../core/rule.js';
import { defineRule } from '../core/rule.js';

const causes = {
  differ: {
    certainty: 'proven',
    text: 'behind the address of the {side} are replicas with different secrets or keys: {no} of {connections} fresh connections refuse what {yes} take',
    means: 'users are thrown out and let in by turns, and every other probe here has told of one replica only',
    fix: [
      'give every replica of the {side} the same environment, and restart all of them',
      'watch it: `lockstep diagnose --watch 5`',
    ],
    weight: 95,
  },
} as const satisfies CauseSpecs;

export default defineRule({
  id: 'replicas',
  title: 'replicas of one side differ',
  causes,
  match: ({ replicas }) =>
    (['frontend', 'backend'] as const).flatMap((side): Found<typeof causes>[] => {
      const sample = replicas?.[side];
      if (sample === undefined || sample.yes === 0 || sample.no === 0) return [];
      const data = { side, yes: sample.yes, no: sample.no, connections: sample.connections };
      return [
        {
          cause: 'differ',
          guilty: side,
          data,
          because: [`the same question over ${sample.connections} connections of their own`],
        },
      ];
    }),
  excludes({ replicas }) {
    const said = (['frontend', 'backend'] as const).flatMap((side) => alike(side, replicas?.[side]));
    return said.length === 0 ? null : `replicas: ${said.join('; ')}`;
  },
});

/** With the power of the sample in words: what it would most likely have missed. */
function alike(side: Side, sample: SampleSeen | undefined): string[] {
  if (sample === undefined || sample.yes !== sample.connections) return [];
  const missed = Math.round(0.9 ** sample.connections * 100);
  return [
    `all ${sample.connections} fresh connections to the ${side} agree (one of ten replicas that differs would be missed ${missed} times in 100)`,
  ];
}
