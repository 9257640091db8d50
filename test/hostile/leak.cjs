// Loaded before the program: it leaks a secret in one way, which a search that is worth anything finds.
const { spawnSync } = require('node:child_process');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { env } = process;
const secret = env.LEAK_SECRET ?? '';
const written = (/** @type {string} */ folder, /** @type {string} */ text) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'leak'), text);
};
/** @type {Record<string, () => void>} */
const ways = {
  stdout: () => void process.stdout.write(`${secret}\n`),
  stderr: () => void process.stderr.write(`${JSON.stringify({ secret })}\n`),
  report: () => written('reports', secret.replaceAll('"', '&quot;').replaceAll('&', '&#38;')),
  home: () => written(join(env.HOME ?? '', '.config'), encodeURIComponent(secret)),
  temporary: () => {
    written(join(env.TMPDIR ?? '', 'short-lived'), Buffer.from(`>${secret}<`).toString('base64'));
    rmSync(join(env.TMPDIR ?? '', 'short-lived'), { recursive: true });
  },
  environment: () => void spawnSync('true', [], { env: { PATH: env.PATH, LEAKED: secret } }),
  argument: () =>
    void spawnSync('true', [Buffer.from(secret).toString('hex').toUpperCase()], { env: { PATH: env.PATH } }),
};
// once, and not in what it starts
delete env.NODE_OPTIONS;
ways[env.LEAK ?? '']?.();
