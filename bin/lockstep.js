#!/usr/bin/env node
// CommonJS, like the bundle: the ESM loader costs 5 ms at every start
const { readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const folder = join(__dirname, '..', 'dist', 'cli');
/** what V8 made of the chunks when they were built, for this very executable: docs/decisions/140-code-cache.md */
const cache = join(folder, 'cache', `${process.version}-${process.arch}-${statSync(process.execPath).size}`);
/** @type {Map<string, { exports: any }>} */
const loaded = new Map();
/** @type {Map<string, Script>} */
const scripts = new Map();

/** A chunk of the bundle, loaded once. Node's own loader looks around the disk for half a millisecond a file. */
function load(/** @type {string} */ name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const filename = join(folder, name);
  const cachedData = cached(name, filename);
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(filename, 'utf8')}\n})`;
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  scripts.set(name, script);
  const own = (/** @type {string} */ id) => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  script.runInThisContext().call(module.exports, module.exports, own, module, filename, folder);
  return module.exports;
}

/** Null where there is none, or an older one than the chunk. V8 itself refuses that of another V8 or other flags. */
function cached(/** @type {string} */ name, /** @type {string} */ filename) {
  try {
    const file = join(cache, name);
    return statSync(file).mtimeMs < statSync(filename).mtimeMs ? null : readFileSync(file);
  } catch {
    return null;
  }
}

if (require.main === module) {
  const { main, realWorld, toItsEnd } = load('lockstep.cjs');
  const world = realWorld(join(folder, 'help'));
  toItsEnd(main(process.argv.slice(2), world), world);
} else {
  // for the step of the build that writes the cache and the help
  module.exports = { load, scripts, cache, folder };
}
