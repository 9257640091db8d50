import { expect, test } from 'vitest';
import { main } from '../../src/main.js';
import { lockstep } from '../support/bin.js';
import { fakeWorld } from '../support/fake-world.js';

/** 32 bytes whose spellings are told apart: base64url of these has both - and _ and would need padding in base64 */
const bytes = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 0xfb) & 0xff);

function world() {
  const asked: number[] = [];
  const fake = fakeWorld();
  const random = (count: number) => {
    asked.push(count);
    return bytes.slice(0, count);
  };
  return { asked, fake: { ...fake, random } };
}

test.each([
  { args: ['secret'], spelled: Buffer.from(bytes).toString('hex') },
  { args: ['secret', '--format', 'hex'], spelled: Buffer.from(bytes).toString('hex') },
  { args: ['secret', '--format=base64url'], spelled: Buffer.from(bytes).toString('base64url') },
])(
  '$args prints all 32 bytes of the randomness it was handed, a newline, and nothing else',
  async ({ args, spelled }) => {
    const { asked, fake } = world();
    expect(await main(args, fake)).toBe(0);
    expect(asked).toEqual([32]);
    expect(fake.out()).toBe(`${spelled}\n`);
    expect(fake.err()).toBe('');
  },
);

test.each([
  { args: ['secret', '--format', 'base64'] },
  { args: ['secret', '--format'] },
  { args: ['secret', '--formt=hex'] },
  { args: ['secret', 'extra'] },
])('$args is a mistake: exit 2, no secret made, nothing on stdout', async ({ args }) => {
  const { asked, fake } = world();
  expect(await main(args, fake)).toBe(2);
  expect(asked).toEqual([]);
  expect(fake.out()).toBe('');
  expect(fake.err()).toContain('lockstep: ');
});

test('the installed program prints another secret each time, of 64 hex digits', async () => {
  const [first, second] = await Promise.all([lockstep(['secret']), lockstep(['secret'])]);
  expect(first).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^[0-9a-f]{64}\n$/) });
  expect(second.out).toMatch(/^[0-9a-f]{64}\n$/);
  expect(second.out).not.toBe(first.out);
});
