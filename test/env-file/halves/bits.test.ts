import { expect, it } from 'vitest';
import { main } from '../../../src/main.js';
import { randomBytes } from '../../support/chance.js';
import { fakeWorld } from '../../support/fake-world.js';

/** Secrets as people make them, of one loader's plain characters. */
const kinds: readonly (() => string)[] = [
  () => randomBytes(32).toString('hex'),
  () => randomBytes(32).toString('base64url'),
  () => randomBytes(32).toString('base64'),
  () => randomBytes(24 + ((randomBytes(1)[0] as number) >> 3)).toString('hex'),
];
const made = (n: number) => (kinds[n % kinds.length] as () => string)();
const config = JSON.stringify({
  services: { frontend: { dir: 'frontend', loader: 'next' }, backend: { dir: 'backend', loader: 'python-dotenv' } },
});

async function told(front: string, back: string, ...flags: string[]): Promise<string> {
  const world = fakeWorld({
    files: {
      '/project/lockstep.json': config,
      '/project/frontend/.env.local': `BETTER_AUTH_SECRET=${front}\n`,
      '/project/backend/.env': `BETTER_AUTH_SECRET=${back}\n`,
    },
  });
  expect(await main(['env', 'check', ...flags], world)).toBe(1);
  return world.out();
}

const fingerprint = /\b[0-9a-f]{6}\b/g;

/** What is told, but for the fingerprints, which say only which of them are alike, and for the time it took. */
function bare(text: string): string {
  const known: string[] = [];
  return text.replaceAll(/"ms": \d+/g, '"ms": 0').replaceAll(fingerprint, (each) => {
    if (!known.includes(each)) known.push(each);
    return `fingerprint ${known.indexOf(each)}`;
  });
}

/** The bits that these texts carry together, by how often each of them comes. */
function bits(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - count * Math.log2(count / texts.length), 0);
}

const pairs = Array.from({ length: 1_000 }, (_, n) => [made(n), made(n >> 2)] as const);

it.each([[], ['--json']])(
  'a thousand pairs of secrets that differ carry less than 25 bits: env check %s',
  {
    timeout: 120_000,
  },
  async (...flags) => {
    const texts: string[] = [];
    for (const [front, back] of pairs) texts.push(await told(front, back, ...flags));
    expect(texts[0]).toContain('secret.differs');
    expect(bits(texts.map(bare))).toBeLessThan(25);

    // the measure sees what must not be told, down to the length or one bit of each
    for (const leak of [
      (n: number) => `${pairs[n]?.[0].length}`,
      (n: number) => pairs[n]?.[1][0] as string,
      (n: number) => `${(pairs[n]?.[0] ?? '') < (pairs[n]?.[1] ?? '')}`,
    ])
      expect(bits(texts.map((text, n) => `${bare(text)}${leak(n)}`))).toBeGreaterThan(25);

    // what is left out are fingerprints: never the same for a secret in another run
    const prints = texts.flatMap((text) => [...new Set(text.match(fingerprint) ?? [])]);
    expect(prints).toHaveLength(2 * pairs.length);
    const [front, back] = pairs[0] as readonly [string, string];
    const again = await Promise.all(Array.from({ length: 200 }, () => told(front, back, ...flags)));
    const others = again.flatMap((text) => [...new Set(text.match(fingerprint) ?? [])]);
    // of 2^24 a pair or two may coincide by chance
    expect(new Set(others).size).toBeGreaterThan(others.length - 4);
  },
);
