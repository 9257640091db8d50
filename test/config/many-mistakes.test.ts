import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.js';

const wrong = (targets: number) =>
  parseConfig({
    name: 'lockstep.json',
    text: JSON.stringify({
      targets: Object.fromEntries(Array.from({ length: targets }, (_, n) => [`t${n}`, { x: 1 }])),
    }),
  }).mistakes;

it('a hundred mistakes are told one by one', () => {
  expect(wrong(100)).toHaveLength(100);
  expect(wrong(100).at(-1)?.text).not.toContain('more');
});

it('of more the first hundred are told, and how many there are besides', () => {
  expect(wrong(120)).toHaveLength(100);
  expect(wrong(120).at(-1)?.text).toMatch(/; and 20 more mistakes follow$/);
  expect(
    wrong(120)
      .slice(0, -1)
      .some(({ text }) => text.includes('more mistakes')),
  ).toBe(false);
});

it('a file of more words than any settings have is read no further', () => {
  const text = `{"targets":{"a":{"routes":{"resources":[${'1,'.repeat(120_000)}1]}}}}`;
  const { mistakes, config } = parseConfig({ name: 'lockstep.json', text });
  expect(mistakes.map((mistake) => mistake.text)).toEqual(['is more than 65536 words and marks']);
  expect(config).toBeNull();
});

it('comments are not counted', () => {
  const text = `{${'/* a */ '.repeat(30_000)}"targets":{}}`;
  expect(parseConfig({ name: 'lockstep.json', text }).mistakes).toEqual([]);
});
