// `npm run bench`: each table compares both sides in one run, round by round in turn, and reports medians and the
// median of the per-round ratios. Nothing here is a test: the machine decides the absolute figures.
import { spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { rounds, table } from './rounds.js';

// Node 20 reads this file at every start, which would flatten each ratio
delete process.env.NODE_EXTRA_CA_CERTS;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const bin = here('../bin/lockstep.js');
const node = process.execPath;

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${os.cpus()[0]?.model}, ${os.cpus().length} cores\n`,
);

const demo = await serve();
try {
  const { users, variables, auth, api, socket, configFile } = demo;
  const env = {
    ...process.env,
    ...variables,
    LOCKSTEP_A_EMAIL: users.a,
    LOCKSTEP_B_EMAIL: users.b,
    AUTH: auth,
    API: api,
    SOCKET: socket,
  };
  console.log('\nthe flow of `lockstep check`, whole process, against one demo');
  table(
    await rounds(7, {
      'serial script, node:http and ws': { command: node, args: [here('serial-flow.js')], env },
      'lockstep check': { command: node, args: [bin, 'check', '--json', '--config', configFile], env },
      'bash with curl, no socket': { command: 'bash', args: [here('curl-flow.sh')], env },
    }),
  );
} finally {
  demo.stop();
}

/** A demo in a process of its own, as anybody would start it. */
async function serve() {
  const child = spawn(node, [bin, 'demo', '--serve', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk;
    if (text.trimEnd().endsWith('}')) break;
  }
  return { ...JSON.parse(text), stop: () => child.kill('SIGINT') };
}
