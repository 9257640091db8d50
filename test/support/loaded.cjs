// required into a measured process: tells at its end which chunks of the bundle and which of Node's modules it loaded
const fs = require('node:fs');
const { isBuiltin } = require('node:module');

const already = new Set(process.moduleLoadList);
const { readFileSync, writeFileSync } = fs;
/** @type {string[]} */
const chunks = [];
fs.readFileSync = (/** @type {any} */ file, /** @type {any} */ options) => {
  const [, name] = /[\\/]dist[\\/]cli[\\/]([^\\/]+)\.cjs$/.exec(String(file)) ?? [];
  if (name !== undefined) chunks.push(`${name}.cjs`);
  return readFileSync(file, options);
};
process.on('exit', () => {
  const builtins = process.moduleLoadList
    .filter((line) => line.startsWith('NativeModule ') && !already.has(line))
    .map((line) => line.slice('NativeModule '.length))
    .filter((name) => isBuiltin(name));
  writeFileSync(process.env.LOADED_FILE ?? '', JSON.stringify({ chunks, builtins }));
});
