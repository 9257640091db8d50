import { expect, it } from 'vitest';
import { create } from '../../src/checks/own-object.js';
import { remove } from '../../src/checks/removal.js';
import type { Probe, Undo } from '../../src/core/probe.js';
import { createProbe } from '../../src/io/probe.js';
import { gifts, target } from '../support/deployment.js';
import { fakeWorld } from '../support/fake-world.js';
import type { TaskApi } from '../support/task-api.js';
import { canary, pair, taskApi } from '../support/task-api.js';

const { resource } = pair.object;
const { jwt } = gifts.token;

/** What is asked for in a check, and in taking back what it made. */
async function asked(use: (probe: Probe) => Promise<unknown>, bent: TaskApi = {}) {
  const world = fakeWorld({ script: taskApi(bent).http });
  const undo: Undo[] = [];
  const journal = await world.journals.open('0123456789', { name: '', auth: '', api: null, tokenRoute: '' });
  const probe = createProbe(
    { target: target(), world, undo, journal, run: '0123456789', learn: () => {} },
    world.interrupted,
  );
  await use(probe);
  const inCheck = world.sent.splice(0);
  for (const action of undo.toReversed()) await action(probe);
  return { inCheck, after: world.sent, open: journal.open() };
}

const path = '/api/tasks/task-1';

it('takes back what a check has made, and looks whether it is gone', async () => {
  const { inCheck, after, open } = await asked((probe) => create(probe, resource, canary, jwt));
  expect([inCheck, after, open]).toEqual([['POST /api/tasks'], [`DELETE ${path}`, `GET ${path}`], []]);
});

it('does not ask again for what a check has removed and seen gone', async () => {
  const { inCheck, after, open } = await asked(async (probe) => {
    const creation = await create(probe, resource, canary, jwt);
    expect(await remove(probe.api, creation, canary, jwt)).toBe(true);
  });
  expect([inCheck.length, after, open]).toEqual([3, [], []]);
});

it('takes back what a check has seen gone where the answer to the removal said that it was not removed', async () => {
  const hiding: TaskApi = { remove: () => ({ status: 405 }) };
  const run = asked(async (probe) => {
    const creation = await create(probe, resource, canary, jwt);
    // it is there, under another text
    expect(await remove(probe.api, creation, 'canary-of-another', jwt)).toBe(true);
  }, hiding);
  await expect(run).rejects.toMatchObject({ code: 'left-behind', message: `http://api.test${path}` });
});

it('asks for a count beside the look whether it is gone, and after the removal', async () => {
  const { inCheck } = await asked(async (probe) => {
    const creation = await create(probe, resource, canary, jwt);
    await remove(probe.api, creation, canary, jwt, () => probe.api.get('/api/tasks', { bearer: jwt }));
  });
  expect(inCheck).toEqual(['POST /api/tasks', `DELETE ${path}`, `GET ${path}`, 'GET /api/tasks']);
});
