import { defineCheck, inconclusive, pass, problem } from '../../core/check.js';
import type { CallOptions } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { pointer, reveals } from '../../core/reply.js';
import { asking, lists, pages } from '../listing.js';
import { create } from '../own-object.js';
import session from '../session/login.js';
import secondUser from '../session/second-user.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';
import { wentOver } from '../went-over.js';
import object from './owner-reads-back.js';

const parameters = ['userId', 'user_id', 'owner', 'ownerId', 'uid', 'as'];
const headerNames = ['x-user-id', 'x-user', 'x-forwarded-user', 'x-auth-request-user', 'x-remote-user', 'remote-user'];

/** One way of claiming to be somebody else, in words that finish "... by". */
interface Claim {
  readonly what: string;
  readonly query: string;
  readonly options: CallOptions;
  /** tried on a create, too: one of each kind is enough there */
  readonly writes: boolean;
}

export default defineCheck({
  id: 'isolation/identity-override',
  title: 'nobody becomes another user by a parameter, a header or a cookie that names them',
  severity: 'critical',
  impact: 'writes',
  core: true,
  source: ['ASVS 4.1.3', 'ASVS 8.3.1', 'ASVS 15.3.7', 'WSTG-ATHZ-02', 'OWASP API1:2023'],
  needs: { session, token, route, secondUser, object },
  problems: {
    'became-another': {
      level: 'fail',
      text: '{url} took {reader} for {owner} by {what}',
      hint: 'who calls is said by the token alone',
    },
    'reads-another': {
      level: 'fail',
      text: '{url} gave {reader} what belongs to {owner} by {what}',
      hint: 'who owns is said by the token alone: no parameter, header, cookie or path decides it',
    },
    'writes-for-another': {
      level: 'fail',
      text: '{url} made an object of {owner} for {reader} by {what}',
      hint: 'take the owner of what is created from the token',
    },
  },
  async run(probe, { session, token, route, secondUser, object }) {
    const { api, target } = probe;
    const owner = session.userId;
    const reader = secondUser.session.userId;
    if (owner === reader) return inconclusive('both users are the same person');
    const bearer = secondUser.token.jwt;
    const { collection } = object.resource;
    const claims = claimsOf(owner, reader);
    const people = { reader: secondUser.session.email, owner: session.email };

    const [plain, first] = await Promise.all([
      api.get(route.path, { bearer }),
      api.get(collection, { bearer: token.jwt }),
    ]);
    if (plain.status !== 200) return inconclusive(`${plain.url} answered ${plain.status} to the second user`);
    const { identity } = target.routes.me.value;
    // an answer may say back what it was asked; taken for the other is who is named in the place of the caller
    const places = identity == null ? placesOf(plain.json, [reader, ...secondUser.token.names]) : [identity];
    const names = [owner, ...token.names];
    // judged as they come: nobody holds so many answers
    const shown = (found: readonly Reply[]) => ({
      url: found[0]?.url ?? collection,
      read: found.some((page) => lists(page, object)),
    });
    const [identities, views, paths] = await Promise.all([
      each(claims, async ({ query, options }) => {
        const reply = await api.get(asking(route.path, query), { ...options, bearer });
        const taken = places.some((place) => names.includes(String(pointer(reply.json, place))));
        return { url: reply.url, taken };
      }),
      each(claims, async ({ query, options }) =>
        // its owner's own first page may not show what is new
        lists(first, object)
          ? shown([await api.get(asking(collection, query), { ...options, bearer })])
          : shown(await pages(api, asking(collection, query), bearer, options)),
      ),
      each(pathsOf(collection, owner), async ({ path }) => shown([await api.get(path, { bearer })])),
    ]);
    const control = await api.get(object.path, { bearer: token.jwt });
    if (!reveals(control, object.canary))
      return inconclusive(`${control.url} no longer gives its owner what was stored`);

    const taken = identities.find(({ reply }) => reply.taken);
    if (taken !== undefined) return problem('became-another', { url: taken.reply.url, what: taken.what, ...people });
    const read = [...views, ...paths].find(({ reply }) => reply.read);
    if (read !== undefined) return problem('reads-another', { url: read.reply.url, what: read.what, ...people });

    const written = await each(
      claims.filter(({ writes }) => writes),
      async ({ query, options }) => {
        const canary = probe.canary();
        const otherwise = { query, options, orOf: token.jwt };
        const { reply, made } = await create(probe, object.resource, canary, bearer, otherwise);
        return { url: reply.url, made, canary };
      },
    );
    const owned = await pages(api, collection, token.jwt);
    const listed = owned.some((list) => lists(list, object));
    const wentToThem = await Promise.all(
      written.map(async ({ reply }) =>
        listed
          ? owned.some((list) => reveals(list, reply.canary))
          : wentOver(api, reply, { from: bearer, to: token.jwt }),
      ),
    );
    const wrong = written.find((_, i) => wentToThem[i]);
    return wrong === undefined
      ? pass()
      : problem('writes-for-another', { url: wrong.reply.url, what: wrong.what, ...people });
  },
});

function claimsOf(owner: string, reader: string): Claim[] {
  const id = encodeURIComponent(owner);
  return [
    ...parameters.map((name, i) => ({ what: `?${name}=`, query: `${name}=${id}`, options: {}, writes: i < 2 })),
    {
      what: 'a second ?userId=',
      query: `userId=${encodeURIComponent(reader)}&userId=${id}`,
      options: {},
      writes: false,
    },
    ...headerNames.map((name, i) => ({
      what: name,
      query: '',
      options: { headers: { [name]: owner } },
      writes: i < 3,
    })),
    {
      what: 'the cookie userId',
      query: '',
      options: { headers: { cookie: `userId=${id}; user_id=${id}` } },
      writes: true,
    },
  ];
}

/** Where the things of one user usually are, beside the collection: `/api/users/ID/tasks`. */
function pathsOf(collection: string, owner: string): { what: string; path: string }[] {
  const [plain = collection] = collection.split('?');
  const at = plain.replace(/\/+$/, '').lastIndexOf('/');
  const [base, name] = [plain.slice(0, at), plain.slice(at + 1).replace(/\/+$/, '')];
  const id = encodeURIComponent(owner);
  return [`${base}/users/${id}/${name}`, `${base}/user/${id}/${name}`, `${base}/${name}/user/${id}`].map((path) => ({
    what: 'a path that names them',
    path,
  }));
}

/** JSON Pointers of the top-level and second-level members that name the caller. */
function placesOf(document: unknown, names: readonly string[]): string[] {
  const places = (value: unknown, path: string, depth: number): string[] => {
    if (names.includes(String(value)) && typeof value !== 'object') return [path];
    if (typeof value !== 'object' || value === null || depth === 0) return [];
    return Object.entries(value).flatMap(([key, inner]) => places(inner, `${path}/${key}`, depth - 1));
  };
  return places(document, '', 2);
}

async function each<T extends { readonly what: string }, R>(
  all: readonly T[],
  send: (one: T) => Promise<R>,
): Promise<{ what: string; reply: R }[]> {
  return Promise.all(all.map(async (one) => ({ what: one.what, reply: await send(one) })));
}
