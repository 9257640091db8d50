import { defineCheck, inconclusive, pass, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import { reveals } from '../../core/reply.js';
import type { Resource } from '../../core/target.js';
import { create } from '../own-object.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

/** Something of user A's that holds a text found nowhere else, and A's own view of it. */
export interface OwnObject {
  readonly resource: Resource;
  readonly id: string;
  readonly path: string;
  readonly canary: string;
  readonly control: Reply;
}

export default defineCheck({
  id: 'isolation/owner-reads-back',
  title: 'a user can create an object and read it back',
  severity: 'high',
  impact: 'writes',
  source: ['WSTG-ATHZ-04'],
  needs: { token, route },
  problems: {
    'not-created': {
      level: 'fail',
      text: '{url} answered {status} to a create',
      hint: 'correct routes.resources in lockstep.json',
    },
    'no-id': {
      level: 'fail',
      text: '{url} answered {status} without an id at {pointer}',
      hint: 'correct the id of that resource in lockstep.json',
    },
    'not-read': { level: 'fail', text: '{url} answered {status} to its owner, without what was just stored' },
  },
  async run(probe, { token }) {
    const { api, target } = probe;
    const { value, declared } = target.routes.resources;
    const resource = value.find(({ shared }) => !shared);
    if (resource === undefined)
      return skip(
        value.length === 0
          ? 'no resources declared: give routes.resources in lockstep.json'
          : 'all resources are declared as shared: routes.resources in lockstep.json',
      );
    const canary = probe.canary();
    const bearer = token.jwt;
    const { reply, made } = await create(probe, resource, canary, bearer);
    const { url, status } = reply;
    const guess = (why: string) => skip(`${url} ${why}: declare routes.resources in lockstep.json`);
    if (resource.assumed && declared) {
      if (status === 404 || status === 405)
        return inconclusive(`${url} answered ${status} to a create: give the right collection`);
      if (unlikeOurs.includes(status)) return guess(`answered ${status} to ${JSON.stringify(resource.create)}`);
    }
    if (status < 200 || status > 299)
      return declared ? problem('not-created', { url, status }) : guess(`answered ${status}`);
    if (made === null) {
      return declared
        ? problem('no-id', { url, status, pointer: resource.id })
        : guess(`gives no id at ${resource.id}`);
    }
    const control = await api.get(made.path, { bearer });
    if (control.status === 200 && reveals(control, canary))
      return pass<OwnObject>({ resource, ...made, canary, control });
    if (!declared) return guess(`gives no object at ${made.path}`);
    return problem('not-read', { url: control.url, status: control.status });
  },
});

/** Answers to a body that the API does not take. */
const unlikeOurs = [400, 415, 422];
