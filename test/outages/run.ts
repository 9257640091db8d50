import { parseArgs } from 'node:util';
import { checks } from 'virtual:checks';
import { lanes } from '../../src/core/lanes.js';
import type { Demo } from '../../src/demo/contract.js';
import { startDemo } from '../../src/demo/demo.js';
import { type Side, sides, type Way, ways } from './bent.js';
import { judged } from './judge.js';
import { type Place, placesOf, placesOfAll } from './places.js';
import { deployment, unfit, type Walk, walk } from './walk.js';

const usage = `npm run outages -- [ids or groups...] [options]

  ids             only these checks, each by itself; all, unless given
  --whole         runs of all checks at once instead
  --sides <list>  what goes away: ${sides.join()}
  --ways <list>   and how: ${ways.join()}
  --every <n>     only every nth place
  --jobs <n>      runs at a time, 8 unless given; of whole ones 3, each on a deployment of its own
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    whole: { type: 'boolean' },
    sides: { type: 'string', default: sides.join() },
    ways: { type: 'string', default: ways.join() },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

if (values.help === true) say(usage);
else process.exitCode = await sweep();

async function sweep(): Promise<number> {
  // each run listens for signals
  process.setMaxListeners(0);
  const began = performance.now();
  const jobs = Number(values.jobs ?? (values.whole === true ? 3 : 8));
  const turn = lanes(jobs);
  // runs of all checks at once see what others of the same users make
  const demos = await Promise.all(
    Array.from({ length: values.whole === true ? jobs : 1 }, () => startDemo(deployment)),
  );
  const free = [...demos];
  const onOne = async (only: readonly string[], place?: Place) => {
    const demo = values.whole === true ? (free.pop() as Demo) : (demos[0] as Demo);
    const seen = await walk(demo, only, place);
    free.push(demo);
    return seen;
  };
  const taken = (_: Place, n: number) => n % Number(values.every) === 0;
  let [tried, wrong] = [0, 0];
  const tryAll = (places: readonly Place[], healthy: Walk, only: string | null) =>
    Promise.all(
      places.map((place) =>
        turn(async () => {
          const found = judged(healthy, await onOne(only === null ? [] : [only], place), place, only);
          tried += 1;
          if (found.length === 0) return;
          wrong += 1;
          say(`WRONG  ${only ?? 'all checks'}: ${place.name}\n${found.map((line) => `         ${line}`).join('\n')}`);
        }),
      ),
    );
  try {
    if (values.whole === true) {
      const healthy = await onOne([]);
      await tryAll(placesOfAll(healthy, 10).filter(taken), healthy, null);
    } else {
      const wanted = (id: string) =>
        positionals.length === 0 || positionals.some((name) => `${id}/`.startsWith(`${name}/`));
      const of = { sides: values.sides.split(',') as Side[], ways: values.ways.split(',') as Way[] };
      for (const { id } of checks.filter((check) => wanted(check.id) && !unfit.includes(check.id))) {
        const healthy = await onOne([id]);
        const places = placesOf(healthy, id, of).filter(taken);
        await tryAll(places, healthy, id);
        say(`ok     ${id}: ${places.length} places`);
      }
    }
  } finally {
    await Promise.all(demos.map((demo) => demo.stop()));
  }
  say(`false verdicts ${wrong}/${tried}, ${Math.round((performance.now() - began) / 1000)} s`);
  return tried > 0 && wrong === 0 ? 0 : 1;
}
