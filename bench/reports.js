// `node bench/reports.js`: each form of a report of 10,000 results.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';

const folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
try {
  const input = fileURLToPath(new URL('../src/report/formats.ts', import.meta.url));
  await build({ input, platform: 'node', output: { dir: folder, format: 'esm', entryFileNames: 'formats.mjs' } });
  const { formatNames, renderer } = await import(pathToFileURL(path.join(folder, 'formats.mjs')).href);
  const report = {
    command: 'check',
    target: { name: 'local', auth: 'http://localhost:3000/api/auth', api: 'http://localhost:8000' },
    results: Array.from({ length: 10_000 }, (_, i) => result(i)),
    began: Date.now(),
    ms: 60_000,
    leftovers: [],
    strict: false,
  };
  for (const format of formatNames) {
    const render = await renderer(format);
    const times = Array.from({ length: 5 }, () => {
      const began = performance.now();
      render(report);
      return performance.now() - began;
    }).sort((a, b) => a - b);
    const size = (render(report).length / 1024).toFixed(0);
    console.log(`${format.padEnd(10)} ${times[2].toFixed(0).padStart(5)} ms  ${size.padStart(6)} KiB`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Every third one failed, with evidence. */
function result(/** @type {number} */ i) {
  const url = `http://localhost:8000/api/things/${i}`;
  const finding = {
    code: 'token/accepted-by-api.refused',
    level: 'fail',
    text: `${url} answered 401 to a fresh HS256 token`,
    hint: 'the two sides most likely trust different keys: compare the secret of both',
    data: { url, status: 401, alg: 'HS256' },
    reproduce: `curl -sS -i --max-time 10 -H 'accept: application/json' ${url}`,
  };
  const failed = i % 3 === 0;
  return {
    check: `group-${i % 20}/check-${i}`,
    title: 'the API accepts the token of the auth server',
    severity: 'critical',
    core: true,
    asked: true,
    verdict: failed ? 'fail' : 'pass',
    at: i,
    ms: 12,
    findings: failed ? [finding] : [],
  };
}
