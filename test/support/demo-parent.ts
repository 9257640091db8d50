import { Secret } from '../../src/core/secret.js';
import { startDemo } from '../../src/demo/demo.js';

/** A program of its own: starts a demo, tells its parent where, and waits to be killed. */
const [databaseUrl] = process.argv.slice(2);
const demo = await startDemo({
  trust: 'jwks',
  socketAuth: 'query',
  faults: [],
  ...(databaseUrl === undefined ? {} : { databaseUrl: new Secret(databaseUrl) }),
});
process.send?.({ pids: Object.values(demo.services).map(({ pid }) => pid), folder: demo.folder });
setInterval(() => {}, 1_000);
