import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import { Unreachable } from '../../core/errors.js';
import type { HalfFiles } from '../../core/material.js';
import type { Caller } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { header } from '../../core/reply.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import { sharedSecret } from '../../env-file/halves/shared-secret.js';

/** scripts of a page that are looked at, and bytes of all of them */
const mostScripts = 40;
const mostBytes = 20_000_000;
const mostRedirects = 3;
/** shorter texts occur by chance */
const shortest = 8;

export default defineCheck({
  id: 'secret/not-exposed',
  title: 'the secret is in nothing that browsers or git are given',
  severity: 'critical',
  impact: 'reads',
  judges: 'both',
  source: ['ASVS 13.3.1', 'ASVS 13.4.1', 'WSTG-CONF-04'],
  problems: {
    served: {
      level: 'fail',
      text: '{url} holds the secret, {form}',
      hint: 'replace the secret, and read it on the server only: what a bundle names it holds',
    },
    'public-name': {
      level: 'fail',
      text: '{name} of the {side} holds the secret, and {loader} sends such names to every browser',
      hint: 'delete the variable, and replace the secret',
    },
    committed: {
      level: 'fail',
      text: '{file} is tracked by git, and holds the secret',
      hint: 'git rm --cached {file}, add it to .gitignore, and replace the secret: it stays in the history',
    },
    'readable-by-others': {
      level: 'warn',
      text: '{file} can be read by every user of this machine (mode {mode})',
      hint: '`lockstep env check --fix` makes it 0600',
    },
  },
  async run({ material, site, api, auth, target }) {
    const opened = openedHalves(material);
    const { halves } = material;
    const values = new Set(
      material.candidates
        .flatMap(({ set }) => [set.current, set.legacy, ...set.versions.values()])
        .flatMap((secret) => (secret === null || secret.length < shortest ? [] : [secret.reveal()])),
    );
    if (values.size === 0) return skip('no secret is known: --secret-env or --secret-file gives one');
    if (opened !== null && halves !== null) {
      for (const half of [opened.frontend, opened.backend]) {
        const secret = sharedSecret(half)?.value;
        const { side, loader } = half.service;
        const open = [...half.filed.settings.values()].find(
          ({ name, value }) =>
            loader.publicPrefixes.some((prefix) => name.startsWith(prefix)) &&
            secret != null &&
            value?.reveal().includes(secret.reveal()) === true,
        );
        if (open !== undefined) return problem('public-name', { name: open.name, side, loader: loader.title });
      }
      const tracked = filesWith(halves, values).find((file) => file.tracked === true);
      if (tracked !== undefined) return problem('committed', { file: tracked.path });
    }
    const sought = [...values].flatMap(forms);
    const seen = await everythingPublic(site, sought, [
      ...(target.api === null ? [] : [get(api, '/'), get(api, '/lockstep/not/there')]),
      get(auth, '/error'),
    ]);
    for (const [n, [form]] of sought.entries()) {
      const page = seen.find(({ found }) => found.includes(n));
      if (page !== undefined) return problem('served', { url: page.url, form });
    }
    const readable = halves === null ? [] : filesWith(halves, values).filter(({ mode }) => (mode & 0o004) !== 0);
    return readable.length > 0
      ? warn(
          undefined,
          ...readable.map(({ path: file, mode }) => ({
            code: 'readable-by-others' as const,
            data: { file, mode: mode.toString(8).padStart(4, '0') },
          })),
        )
      : pass();
  },
});

/** The files of both halves that hold one of the secrets, as bytes. */
function filesWith(halves: { frontend: HalfFiles; backend: HalfFiles }, values: ReadonlySet<string>) {
  return [halves.frontend, halves.backend].flatMap(({ files, siblings }) =>
    [...files, ...siblings].flatMap(({ path, found, tracked }) => {
      if (found.kind !== 'file') return [];
      const text = Buffer.from(found.bytes).toString('latin1');
      return [...values].some((value) => text.includes(value)) ? [{ path, tracked, mode: found.mode }] : [];
    }),
  );
}

type Form = readonly [form: string, text: string];

function forms(value: string): readonly Form[] {
  const bytes = Buffer.from(value);
  return [
    ['as it is', value],
    ['in base64', bytes.toString('base64').replace(/=+$/, '')],
    ['in hex', bytes.toString('hex')],
    ['percent-encoded', encodeURIComponent(value)],
  ];
}

/** What is public, as it is remembered: looked through as it comes, for nobody holds so many bodies. */
interface Seen {
  readonly url: string;
  /** which of the forms stand in it */
  readonly found: readonly number[];
  readonly size: number;
}

/** The page, the scripts of its own origin, their source maps, and whatever else is handed in. */
async function everythingPublic(
  site: Caller,
  sought: readonly Form[],
  others: readonly Promise<Reply | null>[],
): Promise<Seen[]> {
  const look = (reply: Reply | null): Seen | null => {
    if (reply === null) return null;
    const { url, text } = reply;
    return { url, found: sought.flatMap(([, form], n) => (text.includes(form) ? [n] : [])), size: text.length };
  };
  const page = firstPage(site).then((reply) => ({ seen: look(reply), links: reply && linksOf(reply, site.base) }));
  const [first, ...rest] = await Promise.all([page, ...others.map(async (each) => look(await each))]);
  const scripts = (first.links ?? []).slice(0, mostScripts);
  const maps = scripts.flatMap((path) => [path, `${path}.map`]);
  const loaded = await Promise.all(maps.map(async (path) => look(await get(site, path))));
  let bytes = 0;
  return [first.seen, ...rest, ...loaded].filter((seen): seen is Seen => {
    bytes += seen?.size ?? 0;
    return seen !== null && bytes <= mostBytes;
  });
}

/** What a browser is shown first: also where `/` sends on to another page of the same origin, a sign-in say. */
async function firstPage(site: Caller): Promise<Reply | null> {
  let page = await get(site, '/');
  for (let i = 0; i < mostRedirects && page !== null && page.status >= 300 && page.status < 400; i += 1) {
    const location = header(page, 'location');
    if (location === null || !URL.canParse(location, page.url)) break;
    const there = new URL(location, page.url);
    if (there.origin !== new URL(page.url).origin) break;
    page = await get(site, `${there.pathname}${there.search}`);
  }
  return page;
}

/** Paths of scripts and preloads on the page's own origin. */
function linksOf(page: Reply, base: string): string[] {
  if (!/html/.test(header(page, 'content-type') ?? '')) return [];
  const named = [...page.text.matchAll(/(?:src|href)=["']([^"']+\.m?js(?:\?[^"']*)?)["']/g)];
  const paths = named.flatMap(([, link = '']) => {
    if (!URL.canParse(link, `${base}/`)) return [];
    const url = new URL(link, `${base}/`);
    return url.origin === base ? [url.pathname] : [];
  });
  return [...new Set(paths)];
}

function get(caller: Caller, path: string): Promise<Reply | null> {
  return caller.get(path).catch((error: unknown) => {
    if (error instanceof Unreachable) return null;
    throw error;
  });
}
