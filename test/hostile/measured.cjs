// a run of the built program in a process of its own, with other limits of time: tells at its end, on the descriptor 3, how
// much memory it held at most
const { readFileSync, writeSync } = require('node:fs');
const { load } = require('../../bin/lockstep.js');
const { main, realWorld } = load('lockstep.cjs');

process.on('exit', () => {
  const [, peak = ''] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  writeSync(3, peak);
});
const limits = JSON.parse(process.env.MEASURED_LIMITS ?? '{}');
main(process.argv.slice(2), realWorld(undefined, { limits })).then((/** @type {number} */ code) => {
  process.exitCode = code;
});
