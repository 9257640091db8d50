import { checks } from 'virtual:checks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { seed } from '../support/seed.js';
import { seeded } from '../support/seeded.js';
import { type Side, sides, type Way, ways } from './bent.js';
import { judged } from './judge.js';
import { type Place, placesOf, placesOfAll } from './places.js';
import { deployment, unfit, walk } from './walk.js';

/** What found something once: a loss was taken for a finding, or for a refusal. */
const found: readonly (readonly [check: string, side: Side, way: Way])[] = [
  ['ws/connects-after-auth', 'socket', 'refused'],
  ['ws/frame-limits', 'api', 'refused'],
  ['refresh/stream-resumes-without-doubles', 'auth', 'refused'],
  ['token/accepted-by-chatkit', 'api', 'lost'],
  ['config/production-hygiene', 'auth', '500'],
  ['config/replicas-agree', 'api', '500'],
  ['secret/not-exposed', 'auth', 'refused'],
  ['transport/redirects-keep-credentials-home', 'auth', '502'],
  ['ws/unusable-token-refused', 'socket', 'blip'],
];
/** places of each of these, others beside them, and runs of all checks at once: the whole of it is `npm run outages` */
const sizes = { each: 4, others: 16, whole: 2 };

const random = seeded(seed);
function drawn<T>(list: readonly T[], count: number): T[] {
  const all = [...list];
  random.shuffle(all);
  return all.slice(0, count);
}

let demo: Demo;
beforeAll(async () => {
  process.setMaxListeners(0);
  demo = await startDemo(deployment);
});
afterAll(() => demo?.stop());

/** What was wrong, and how often something was lost. */
async function tryAt(check: string, of: Parameters<typeof placesOf>[2], count: number) {
  const healthy = await walk(demo, [check]);
  const places = drawn(placesOf(healthy, check, of), count);
  const seen = await Promise.all(places.map((place) => walk(demo, [check], place)));
  const wrong = seen.flatMap((one, n) => {
    const place = places[n] as Place;
    return judged(healthy, one, place, check).map((line) => `${check}: ${place.name}: ${line}`);
  });
  const lossy = seen.filter((one) => (one.ends[check]?.lost ?? 0) > 0).length;
  return { wrong, lossy, tried: places.length };
}

test('a part that goes away at any moment of a check is no finding, and has refused nothing: where it once was, and a sample', async () => {
  const others = drawn(
    checks.map(({ id }) => id).filter((id) => !unfit.includes(id) && !found.some(([check]) => check === id)),
    sizes.others,
  );
  const tries: Awaited<ReturnType<typeof tryAt>>[] = [];
  for (const [check, side, way] of found) tries.push(await tryAt(check, { sides: [side], ways: [way] }, sizes.each));
  for (const check of others) tries.push(await tryAt(check, { sides, ways }, sizes.each / 2));
  expect(tries.flatMap(({ wrong }) => wrong)).toEqual([]);
  const sum = (of: 'lossy' | 'tried') => tries.reduce((all, one) => all + one[of], 0);
  expect(sum('tried')).toBeGreaterThan(50);
  // or nothing was tried at all
  expect(sum('lossy')).toBeGreaterThan(sum('tried') / 3);
}, 120_000);

test('nor in a run of all checks at once, which still ends, and says so', async () => {
  const healthy = await walk(demo, []);
  expect(healthy.results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(60);
  const wrong: string[] = [];
  for (const place of drawn(placesOfAll(healthy, 10), sizes.whole)) {
    const seen = await walk(demo, [], place);
    wrong.push(...judged(healthy, seen, place, null).map((line) => `${place.name}: ${line}`));
  }
  expect(wrong).toEqual([]);
}, 120_000);
