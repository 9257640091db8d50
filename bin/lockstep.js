#!/usr/bin/env node
// CommonJS, like the bundle: the ESM loader costs 5 ms at every start
const { main, realWorld } = require('../dist/cli/lockstep.cjs');

main(process.argv.slice(2), realWorld()).then((code) => {
  process.exitCode = code;
});
