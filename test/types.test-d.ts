/**
 * What must not compile, held by the type check itself: each `@ts-expect-error` is an error when its line is none.
 */
import { defineCheck, pass, problem, warn } from '../src/core/check.js';
import { Secret } from '../src/core/secret.js';
import { describeCheck } from './support/describe-check.js';

const problems = {
  refused: { level: 'fail', text: '{url} answered {status}' },
  slow: { level: 'warn', text: '{url} took {ms} ms' },
} as const;
const common = { title: 'x', severity: 'high', impact: 'reads', problems } as const;

const giver = defineCheck({ ...common, id: 'g/giver', run: async () => pass({ name: 'gift' }) });

// @ts-expect-error a misspelt problem
defineCheck({ ...common, id: 'g/a', run: async () => problem('refusd', { url: '', status: 1 }) });
// @ts-expect-error a placeholder without evidence
defineCheck({ ...common, id: 'g/b', run: async () => problem('refused', { url: '' }) });
// @ts-expect-error a secret as evidence
defineCheck({ ...common, id: 'g/c', run: async () => problem('refused', { url: new Secret('x'), status: 1 }) });
// @ts-expect-error a warning does not end a check: it goes beside what the check gives
defineCheck({ ...common, id: 'g/d', run: async () => problem('slow', { url: '', ms: 1 }) });
const refused = { code: 'refused', data: { url: '', status: 1 } } as const;
// @ts-expect-error a failure is no warning
defineCheck({ ...common, id: 'g/e', run: async () => warn(undefined, refused) });
// @ts-expect-error something that the needed check does not give
defineCheck({ ...common, id: 'g/f', needs: { giver }, run: async (_, { giver: { age } }) => pass(age) });
// @ts-expect-error a check that is not needed gives nothing
defineCheck({ ...common, id: 'g/g', run: async (_, { giver: { name } }) => pass(name) });

const whole = defineCheck({
  ...common,
  id: 'g/whole',
  needs: { giver },
  run: async (_, { giver: { name } }) =>
    name === '' ? problem('refused', { url: name, status: 1, more: true }) : pass(),
});

export function specifications(): void {
  // @ts-expect-error a specification that leaves a problem out
  describeCheck(whole, { given: { giver: { name: '' } }, passes: {}, reports: { refused: {} } });
  describeCheck(whole, { given: { giver: { name: '' } }, passes: {}, reports: { refused: {}, slow: {} } });
}
