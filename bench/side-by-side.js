// 100 independent read-only checks of a deployment that is 20 ms away, by the runner and the transport of lockstep: one by
// one and 32 at once.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { median } from './rounds.js';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * @param {string} api base URL of the demo's API
 * @param {number} rounds
 */
export async function sideBySide(api, rounds) {
  const folder = await mkdtemp(join(root, 'dist', 'bench-'));
  try {
    const bundle = await rolldown({
      input: 'parts',
      platform: 'node',
      plugins: [
        {
          name: 'parts',
          resolveId: (id) => (id === 'parts' ? id : null),
          load: (id) =>
            id === 'parts'
              ? ['core/run', 'core/check', 'io/dial', 'io/http', 'io/limits']
                  .map((file) => `export * from '${root}src/${file}.ts';`)
                  .join('\n')
              : null,
        },
      ],
    });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'parts.mjs' });
    await bundle.close();
    const parts = await import(pathToFileURL(join(folder, 'parts.mjs')).href);
    const { run, defineCheck, pass, createHttp, createDial, defaultLimits } = parts;
    const url = `${api}/api/me`;
    const steps = Array.from({ length: 100 }, (_, i) => ({
      check: defineCheck({
        id: `bench/${i}`,
        title: 'a stranger is refused',
        severity: 'info',
        impact: 'reads',
        problems: {},
        async run({ http, signal }) {
          const { status } = await http.send({ method: 'GET', url, headers: {}, signal });
          if (status !== 401) throw new Error(`${url} answered ${status}`);
          return pass();
        },
      }),
      after: [],
      asked: true,
      barred: null,
    }));
    const walked = async (width) => {
      const dial = createDial({ connectMs: defaultLimits.connectMs });
      const http = createHttp(() => performance.now(), dial, defaultLimits);
      const began = performance.now();
      const timer = (ms, callback) => {
        const id = setTimeout(callback, ms);
        return () => clearTimeout(id);
      };
      const results = await run(steps, {
        width,
        patience: 30_000,
        signal: new AbortController().signal,
        probe: (signal) => ({ http, signal }),
        monotonic: () => performance.now(),
        timer,
      });
      const ms = performance.now() - began;
      await http.close();
      if (results.some(({ verdict }) => verdict !== 'pass')) throw new Error(JSON.stringify(results[0]));
      return ms;
    };
    const times = { 1: [], 32: [] };
    for (let round = -1; round < rounds; round += 1) {
      for (const width of [1, 32]) {
        const ms = await walked(width);
        if (round >= 0) times[width].push(ms);
      }
    }
    const ratio = median(times[1].map((ms, i) => ms / times[32][i]));
    const [one, many] = [median(times[1]), median(times[32])].map((ms) => ms.toFixed(0));
    console.log(
      `\n100 read-only checks 20 ms away: ${one} ms one by one, ${many} ms side by side, ${ratio.toFixed(1)}x`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
