// The flow of serial-flow.js for tools that walk HTTP requests one after the other: as a collection of Postman, a folder
// of Bruno, a workflow of Step CI. They speak no WebSocket here, so they have less to do. Each step has its assertion.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const node = process.execPath;
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

/** Requests in order. The cookie jar of each tool knows one user at a time: whatever needs A's cookie comes before B's. */
function steps({ auth, api, users, passwords }) {
  const json = (body) => ({ body });
  const signIn = (user) => ({
    name: `sign in ${user}`,
    method: 'POST',
    url: `${auth}/sign-in/email`,
    ...json({ email: users[user], password: passwords[user] }),
  });
  const get = (name, url, headers = {}, status = 200) => ({ name, method: 'GET', url, headers, status });
  const person = (user) => [
    signIn(user),
    get(`session of ${user}`, `${auth}/get-session`),
    get(`session of ${user} again`, `${auth}/get-session`),
    { ...get(`token of ${user}`, `${auth}/token`), save: { [user]: 'token' } },
  ];
  const me = `${api}/api/me`;
  const tasks = `${api}/api/tasks`;
  const [a, b] = [bearer('<a>'), bearer('<b>')];
  const create = (name) => ({
    name: `create ${name}`,
    method: 'POST',
    url: tasks,
    headers: a,
    ...json({ title: 'canary' }),
    status: 201,
    save: { [name]: 'id' },
  });
  const remove = (name) => ({
    name: `delete ${name}`,
    method: 'DELETE',
    url: `${tasks}/<${name}>`,
    headers: a,
    status: 204,
  });
  return [
    ...person('a'),
    get('refresh', `${auth}/token`),
    ...person('b'),
    get('me', me, a),
    get('me, anonymous', me, {}, 401),
    ...[1, 2, 3, 4, 5].map((i) => get(`forgery ${i}`, me, bearer(`<a>AAAA${i}`), 401)),
    get('me, after', me, a),
    get('dead token', me, bearer('<a>AAAA'), 401),
    get('me, refreshed', me, a),
    create('task'),
    get('own task', `${tasks}/<task>`, a),
    get('list of b', tasks, b),
    ...['', '?include=owner', '?expand=all'].map((query) =>
      get(`task for b ${query}`, `${tasks}/<task>${query}`, b, 404),
    ),
    get('own task, after', `${tasks}/<task>`, a),
    get('list of a', tasks, a),
    ...['', '?q=canary', '?search=canary', '?userId=a', '?user_id=a', '?limit=100'].map((query) =>
      get(`list of b ${query}`, `${tasks}${query}`, b),
    ),
    remove('task'),
  ].map(({ headers = {}, status = 200, ...step }) => ({
    ...step,
    status,
    headers: { Origin: new URL(auth).origin, ...headers },
  }));
}

const filled = (value, spell) => JSON.parse(JSON.stringify(value).replaceAll(/<(\w+)>/g, (_, name) => spell(name)));

function newman(all, folder) {
  const item = filled(all, (name) => `{{${name}}}`).map(({ name, method, url, headers, body, status, save = {} }) => ({
    name,
    request: {
      method,
      url,
      header: Object.entries({ ...headers, ...(body && { 'Content-Type': 'application/json' }) }).map(
        ([key, value]) => ({
          key,
          value,
        }),
      ),
      ...(body && { body: { mode: 'raw', raw: JSON.stringify(body) } }),
    },
    event: [
      {
        listen: 'test',
        script: {
          exec: [
            `pm.test('status', () => pm.response.to.have.status(${status}));`,
            ...Object.entries(save).map(
              ([key, member]) => `pm.environment.set('${key}', pm.response.json().${member});`,
            ),
          ],
        },
      },
    ],
  }));
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const file = join(folder, 'collection.json');
  writeFileSync(file, JSON.stringify({ info: { name: 'flow', schema }, item }));
  return { args: ['run', file], cwd: folder };
}

function bruno(all, folder) {
  writeFileSync(join(folder, 'bruno.json'), JSON.stringify({ version: '1', name: 'flow', type: 'collection' }));
  for (const [i, step] of filled(all, (name) => `{{${name}}}`).entries()) {
    const { method, url, headers, body, status, save = {} } = step;
    const block = (name, lines) =>
      lines.length === 0 ? [] : [`${name} {`, ...lines.map((line) => `  ${line}`), '}', ''];
    const number = String(i + 1).padStart(2, '0');
    const lines = [
      ...block('meta', [`name: ${number}`, 'type: http', `seq: ${i + 1}`]),
      ...block(method.toLowerCase(), [`url: ${url}`, `body: ${body ? 'json' : 'none'}`, 'auth: none']),
      ...block(
        'headers',
        Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ),
      ...block('body:json', body ? [JSON.stringify(body)] : []),
      ...block(
        'vars:post-response',
        Object.entries(save).map(([name, member]) => `${name}: res.body.${member}`),
      ),
      ...block('assert', [`res.status: eq ${status}`]),
    ];
    writeFileSync(join(folder, `${number}.bru`), lines.join('\n'));
  }
  return { args: ['run'], cwd: folder };
}

function stepci(all, folder) {
  const flow = filled(all, (name) => `\${{captures.${name}}}`).map(
    ({ name, method, url, headers, body, status, save = {} }) => ({
      name,
      http: {
        url,
        method,
        headers,
        ...(body && { json: body }),
        captures: Object.fromEntries(Object.entries(save).map(([key, member]) => [key, { jsonpath: `$.${member}` }])),
        check: { status },
      },
    }),
  );
  const file = join(folder, 'workflow.json');
  writeFileSync(file, JSON.stringify({ version: '1.1', name: 'flow', tests: { flow: { steps: flow } } }));
  return { args: ['run', file], cwd: folder };
}

const peers = [
  { name: 'newman', version: '6.2.2', package: 'newman', bin: 'newman', write: newman },
  { name: 'bruno', version: '4.1.0', package: '@usebruno/cli', bin: 'bru', write: bruno },
  { name: 'stepci', version: '2.8.2', package: 'stepci', bin: 'stepci', write: stepci },
];

/**
 * Installs the peers into a folder, as their users would but without install scripts; those that are there already, in this
 * version, stay. One that cannot be installed is told and left out.
 * @param {string} folder
 */
export function install(folder) {
  return peers.filter(({ name, version, package: wanted }) => {
    const home = join(folder, name);
    if (installedIn(home, wanted) === version) return true;
    mkdirSync(home, { recursive: true });
    const args = ['install', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund', `${wanted}@${version}`];
    const { status, stderr } = spawnSync('npm', args, { cwd: home, encoding: 'utf8' });
    if (status !== 0) console.log(`skipped: ${name} ${version} cannot be installed: ${stderr.trim().split('\n')[0]}`);
    return status === 0;
  });
}

function installedIn(home, wanted) {
  const file = join(home, 'node_modules', wanted, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}

/**
 * The command of each installed peer for one deployment.
 * @param {ReturnType<typeof install>} installed
 */
export function contenders(installed, { folder, files, ...deployment }) {
  const all = steps(deployment);
  return Object.fromEntries(
    installed.map(({ name, version, bin, write }) => {
      const own = join(files, name);
      mkdirSync(own, { recursive: true });
      const { args, cwd } = write(all, own);
      const env = { ...process.env, STEPCI_DISABLE_ANALYTICS: '1', DO_NOT_TRACK: '1' };
      return [
        `${name} ${version}`,
        { command: node, args: [join(folder, name, 'node_modules/.bin', bin), ...args], cwd, env },
      ];
    }),
  );
}
