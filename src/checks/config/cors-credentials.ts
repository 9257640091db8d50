import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, warn } from '../../core/check.js';
import type { Caller } from '../../core/probe.js';
import type { Head, Reply } from '../../core/reply.js';
import { header, headers, headOf } from '../../core/reply.js';
import { originOf } from '../origins.js';
import route from '../token/accepted-by-api.js';
import token from '../token/fetch.js';

type Remark = 'wildcard' | 'wildcard-with-credentials' | 'no-vary' | 'unauthorized-without-cors';

export default defineCheck({
  id: 'config/cors-credentials',
  title: 'only the frontend may read answers with credentials from another origin',
  severity: 'high',
  impact: 'reads',
  source: ['ASVS 3.4.2', 'WSTG-CLNT-07', 'Fetch 3.3'],
  needs: { token, route },
  problems: {
    'any-origin': {
      level: 'fail',
      text: '{url} lets {origin} read its answers with credentials',
      hint: 'compare Origin with a list, whole: what begins or ends like the frontend is not the frontend',
    },
    'null-origin': {
      level: 'fail',
      text: '{url} lets the origin "null" read its answers with credentials',
      hint: 'a sandboxed frame on any page has this origin: leave it out of the list',
    },
    wildcard: {
      level: 'warn',
      text: '{url} lets every origin read what it gives to a token',
      hint: 'name the origin of the frontend instead of *',
    },
    'wildcard-with-credentials': {
      level: 'warn',
      text: '{url} allows credentials to the origin *, which browsers refuse',
      hint: 'name the origin of the frontend instead of *',
    },
    'no-vary': {
      level: 'warn',
      text: '{url} allows one origin and does not say Vary: Origin',
      hint: 'a cache would give the answer for one origin to another',
    },
    'unauthorized-without-cors': {
      level: 'warn',
      text: '{url} answers 401 without the CORS headers of its 200',
      hint: 'the browser then sees a network error instead of 401, and no client knows to refresh: add the headers before who calls is asked',
    },
  },
  async run({ api, auth, target }, { token, route }) {
    const own = target.origin;
    const { protocol, host, hostname } = new URL(own);
    const foreign = [
      'https://lockstep.invalid',
      `${protocol}//${host}.lockstep.invalid`,
      `${protocol}//lockstep-${host}`,
      ...(protocol === 'https:' ? [`http://${hostname}`] : []),
    ];
    const places: readonly (readonly [Caller, string])[] = [
      [api, route.path],
      [auth, '/get-session'],
      ...(target.routes.stream === null ? [] : [[api, target.routes.stream.post] as const]),
    ];
    const asked = await Promise.all(
      places.flatMap(([caller, path]) =>
        [...foreign, 'null', own].flatMap((origin) => [
          seen(origin, caller.get(path, { origin, ...(caller === api ? { bearer: token.jwt } : {}) })),
          seen(origin, caller.send('OPTIONS', path, undefined, { origin, headers: preflight })),
        ]),
      ),
    );
    const after = await api.get(route.path, { bearer: token.jwt });
    if (after.status !== route.control.status)
      return inconclusive(`${after.url} answered ${after.status} to the good token meanwhile`);

    const open = asked.find(
      ({ origin, allows }) => allows.credentials && foreign.includes(origin) && allows.origin === origin,
    );
    if (open !== undefined)
      return { kind: 'failed', problems: [{ code: 'any-origin', data: { url: open.reply.url, origin: open.origin } }] };
    const none = asked.find(
      ({ origin, allows }) => origin === 'null' && allows.credentials && allows.origin === 'null',
    );
    if (none !== undefined)
      return { kind: 'failed', problems: [{ code: 'null-origin', data: { url: none.reply.url } }] };

    const remarks = new Map<Remark, Problem<Remark, { url: string }>>();
    const remark = (code: Remark, { url }: Head) => void remarks.set(code, { code, data: { url } });
    for (const { reply, allows } of asked) {
      if (allows.origin === '*' && allows.credentials) remark('wildcard-with-credentials', reply);
      else if (allows.origin === '*' && reply.method === 'GET' && reply.url.startsWith(api.base) && reply.status < 300)
        remark('wildcard', reply);
      const varies = headers(reply, 'vary').join(',').toLowerCase();
      // what is said to everybody alike no cache can mix up
      const depends = asked.some(
        (each) =>
          each.reply.url === reply.url && each.reply.method === reply.method && each.allows.origin !== allows.origin,
      );
      if (allows.origin === own && depends && !/(^|[\s,])(origin|\*)($|[\s,])/.test(varies)) remark('no-vary', reply);
    }
    const good = asked.find(
      ({ origin, reply }) => origin === own && reply.url === `${api.base}${route.path}` && reply.method === 'GET',
    );
    const bad = await api.get(route.path, { origin: own });
    // on one origin no browser asks
    if (originOf(api.base) !== own && good?.allows.origin != null && bad.status === 401 && allowed(bad).origin === null)
      remark('unauthorized-without-cors', bad);
    return remarks.size > 0 ? warn(undefined, ...remarks.values()) : pass();
  },
});

const preflight = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };

async function seen(origin: string, asked: Promise<Reply>) {
  const reply = headOf(await asked);
  return { origin, reply, allows: allowed(reply) };
}

function allowed(reply: Head): { origin: string | null; credentials: boolean } {
  return {
    origin: header(reply, 'access-control-allow-origin'),
    credentials: header(reply, 'access-control-allow-credentials') === 'true',
  };
}
