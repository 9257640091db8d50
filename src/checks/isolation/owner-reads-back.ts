import { defineCheck, pass, problem, skip } from '../../core/check.js';
import type { Reply } from '../../core/reply.js';
import type { Resource } from '../../core/target.js';
import { create, remove } from '../own-object.js';
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
  async run({ api, target, canary, defer }, { token }) {
    const { value, declared } = target.routes.resources;
    const resource = value[0];
    if (resource === undefined) return skip('no resources declared: give routes.resources in lockstep.json');
    const text = canary();
    const bearer = token.jwt;
    const { reply, id, path } = await create(api, resource, text, bearer);
    const { url, status } = reply;
    if (!declared && (status === 404 || status === 405))
      return skip(`${url} answered ${status}: declare routes.resources in lockstep.json`);
    if (status < 200 || status > 299) return problem('not-created', { url, status });
    if (id === null) return problem('no-id', { url, status, pointer: resource.id });
    defer(({ api }) => remove(api, path, bearer));
    const control = await api.get(path, { bearer });
    if (control.status !== 200 || !control.text.includes(text))
      return problem('not-read', { url: control.url, status: control.status });
    return pass<OwnObject>({ resource, id, path, canary: text, control });
  },
});
