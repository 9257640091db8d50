import { describe, expect, it } from 'vitest';
import { judged } from './judge.js';
import type { Result, Walk } from './walk.js';

const finding = { code: 'g/one.bad', text: 'bad' };
const walk = (results: readonly Partial<Result>[], more: Partial<Walk> = {}): Walk => ({
  code: 0,
  results: results.map((one, n) => ({ check: `g/${n}`, verdict: 'pass', findings: [], ...one })),
  places: [],
  ends: {},
  ms: 100,
  trouble: null,
  ...more,
});
const refused = { way: 'refused' } as const;

describe('the judge of outages', () => {
  it('has nothing against a run that says nothing of what went away, or what the healthy one says', () => {
    const healthy = walk([{}, { verdict: 'warn', findings: [finding] }]);
    const silent = walk([{ verdict: 'inconclusive' }, { verdict: 'skip' }], { code: 3 });
    expect(judged(healthy, silent, refused, null)).toEqual([]);
    expect(judged(healthy, healthy, refused, null)).toEqual([]);
  });

  it.each([
    ['a finding', walk([{ verdict: 'fail', findings: [finding] }], { code: 3 })],
    ['a warning', walk([{ verdict: 'warn', findings: [finding] }])],
    ['exit 1', walk([{}], { code: 1 })],
    ['exit 70', walk([{}], { code: 70 })],
    ['what is thrown', walk([{}], { trouble: 'Error' })],
    ['a run without an end', walk([{}], { ms: 100_000 })],
    ['a check that is not there', walk([])],
    ['a pass with something lost', walk([{}], { ends: { 'g/0': { place: 9, lost: 1 } } })],
  ])('sees %s', (_, seen) => {
    expect(judged(walk([{}]), seen, refused, 'g/0')).toHaveLength(1);
  });

  it('takes a pass where all came back, and none that the healthy run does not have', () => {
    const lost = { ends: { 'g/0': { place: 9, lost: 1 } } };
    expect(judged(walk([{}]), walk([{}], lost), { way: 'blip' }, 'g/0')).toEqual([]);
    expect(judged(walk([{ verdict: 'skip' }]), walk([{}]), refused, 'g/0')).toHaveLength(1);
  });
});
