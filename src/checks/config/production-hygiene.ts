import type { Problem } from '../../core/check.js';
import { defineCheck, inconclusive, pass, warn } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { Caller, CallOptions } from '../../core/probe.js';
import type { Head, Reply } from '../../core/reply.js';
import { header, headOf } from '../../core/reply.js';
import { showsTraceLines } from '../../core/stack-trace.js';
import { isSecure } from '../origins.js';

type Bad = 'file-served' | 'stack-trace';
type Remark = 'docs-open' | 'no-nosniff' | 'no-hsts' | 'says-its-version';

// bounded, as all that looks at a megabyte of a stranger: over empty lines `\s*` takes hours
const envLine = /^[ \t]{0,40}(export[ \t]{1,40})?[A-Z][A-Z0-9_]{0,100}[ \t]{0,40}=/m;
/** What must not be served, and how it is known by its content: a page for any path answers 200 as well. */
const files: readonly (readonly [path: string, looks: RegExp])[] = [
  ['/.env', envLine],
  ['/.env.local', envLine],
  ['/.env.production', envLine],
  ['/.git/HEAD', /^(ref: refs\/|[0-9a-f]{40}\s*$)/],
  ['/.git/config', /^\[core\]/m],
];
const docs = ['/docs', '/openapi.json', '/redoc', '/api/docs'];
/** What databases say of themselves. */
const ofDatabases = /syntax error at or near "|\bPG::|SQLSTATE/;

export default defineCheck({
  id: 'config/production-hygiene',
  title: 'no secret file and no inside of the code is given to strangers',
  severity: 'medium',
  impact: 'reads',
  source: ['ASVS 13.4.1', 'ASVS 13.4.2', 'ASVS 13.4.5', 'ASVS 16.5.1', 'ASVS 3.4.1', 'ASVS 3.4.4', 'WSTG-CONF-04'],
  problems: {
    'file-served': {
      level: 'fail',
      text: '{url} is served to everybody',
      hint: 'serve a folder that holds nothing else, and replace every secret that was in it',
    },
    'stack-trace': {
      level: 'fail',
      text: '{url} answered {status} to {what} with the inside of its code',
      hint: 'answer errors in general words; NODE_ENV=production, debug=False',
    },
    'docs-open': { level: 'warn', text: '{url} describes the API to everybody' },
    'no-nosniff': { level: 'warn', text: '{url} does not say X-Content-Type-Options: nosniff' },
    'no-hsts': { level: 'warn', text: '{url} does not say Strict-Transport-Security' },
    'says-its-version': { level: 'warn', text: '{url} tells what it runs: {what}' },
  },
  async run({ site, api, auth, target }) {
    const sides: readonly Caller[] = target.api === null ? [site] : [site, api];
    const home = await ask(site, 'GET', '/', nothing);
    const served = await Promise.all(
      sides.flatMap((side) =>
        files.map(([path, looks]) =>
          ask(side, 'GET', path, ({ text, status }) => status === 200 && !/^\s*</.test(text) && looks.test(text)),
        ),
      ),
    );
    const wrong = await Promise.all(
      errors(target.api === null ? null : api, auth).map(async ({ what, send }) => ({ what, reply: await send() })),
    );
    const replies = [home, ...served, ...wrong.map(({ reply }) => reply)];
    if (replies.every((reply) => reply === null)) return inconclusive('none of its addresses answers');

    const bad: Problem<Bad, { url: string; status: number; what: string }>[] = [];
    for (const reply of served) {
      if (reply?.shows) bad.push({ code: 'file-served', data: { url: reply.url, status: 200, what: '' } });
    }
    for (const { what, reply } of wrong) {
      if (reply?.shows) bad.push({ code: 'stack-trace', data: { url: reply.url, status: reply.status, what } });
    }
    const [first, ...more] = bad;
    if (first !== undefined) return { kind: 'failed', problems: [first, ...more] };
    // what a public site should do besides; on a developer's machine none of it matters
    if (!target.production) return pass();
    const described = await Promise.all(sides.flatMap((side) => docs.map((path) => ask(side, 'GET', path, describes))));
    const remarks = [...openDocs(described), ...ofHeaders(replies.filter((reply) => reply !== null))];
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

/** Requests that a careless server answers with its insides. */
function errors(api: Caller | null, auth: Caller): { what: string; send: () => Promise<Seen | null> }[] {
  const broken: CallOptions = { content: { type: 'application/json', text: '{"broken":' } };
  const sides = api === null ? [auth] : [api, auth];
  return sides.flatMap((side) => [
    {
      what: 'a body that is no JSON',
      send: () => ask(side, 'POST', side === auth ? '/sign-in/email' : '/api/me', tells, broken),
    },
    { what: 'a path that is not there', send: () => ask(side, 'GET', '/lockstep/not/there', tells) },
    { what: 'an id of 2,000 digits', send: () => ask(side, 'GET', `/${'9'.repeat(2_000)}`, tells) },
    { what: 'a path that is no UTF-8', send: () => ask(side, 'GET', '/%ff%fe', tells) },
  ]);
}

function openDocs(replies: readonly (Seen | null)[]): Problem<Remark, { url: string; what: string }>[] {
  const open = replies.find((reply) => reply?.shows);
  return open == null ? [] : [{ code: 'docs-open', data: { url: open.url, what: '' } }];
}

function ofHeaders(replies: readonly Seen[]): Problem<Remark, { url: string; what: string }>[] {
  const remarks = new Map<Remark, Problem<Remark, { url: string; what: string }>>();
  for (const reply of replies) {
    const { url } = reply;
    if (header(reply, 'x-content-type-options') !== 'nosniff' && !reply.empty)
      remarks.set('no-nosniff', { code: 'no-nosniff', data: { url, what: '' } });
    if (isSecure(url) && header(reply, 'strict-transport-security') === null)
      remarks.set('no-hsts', { code: 'no-hsts', data: { url, what: '' } });
    const what = [header(reply, 'x-powered-by'), header(reply, 'server')].find((text) =>
      /\d\.\d|[ /]\d/.test(text ?? ''),
    );
    if (what != null)
      remarks.set('says-its-version', { code: 'says-its-version', data: { url, what: what.slice(0, 80) } });
  }
  return [...remarks.values()];
}

/** An answer as it is remembered: judged as it comes, for nobody holds so many bodies. */
interface Seen extends Head {
  /** what it was looked at for */
  readonly shows: boolean;
  readonly empty: boolean;
}

type Look = (reply: Reply) => boolean;

async function ask(
  caller: Caller,
  method: string,
  path: string,
  look: Look,
  options: CallOptions = {},
): Promise<Seen | null> {
  try {
    const reply = await caller.send(method, path, undefined, options);
    return { ...headOf(reply), shows: look(reply), empty: reply.text === '' };
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

const nothing: Look = () => false;
const describes: Look = ({ status, text }) => status === 200 && /swagger|redoc|"openapi"\s*:/i.test(text);

function tells(reply: Reply): boolean {
  const text = reply.text.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  return showsTraceLines(text) || ofDatabases.test(text);
}
