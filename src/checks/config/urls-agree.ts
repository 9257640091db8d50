import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Reply } from '../../core/reply.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import type { Half } from '../../env-file/halves/service.js';
import { held } from '../../env-file/halves/service.js';
import type { Token } from '../fetch-token.js';
import { minterFor } from '../minter.js';
import token from '../token/fetch.js';

const variable = 'BETTER_AUTH_URL';

export default defineCheck({
  id: 'config/urls-agree',
  title: 'both halves mean the same address by the auth server',
  severity: 'high',
  impact: 'reads',
  judges: 'both',
  source: ['RFC 7519 4.1.1', 'RFC 7519 4.1.3', 'ASVS 10.5.3'],
  needs: { token },
  problems: {
    'expects-another-issuer': {
      level: 'fail',
      text: '{url} refuses the issuer {issued} of the tokens, and takes {expected}',
      hint: 'issuer and audience are compared letter by letter: write the origin of the auth server, without a path and a slash',
    },
    'files-differ': {
      level: 'fail',
      text: '{variable} is {frontend} for the frontend and {backend} for the backend, and {url} answers {status} to a good token',
      hint: 'write the same address into both files; `lockstep env check` shows the lines',
    },
    'spelled-differently': {
      level: 'warn',
      text: '{variable} is {frontend} for the frontend and {backend} for the backend',
      hint: 'the API takes the tokens all the same; who compares the two will not',
    },
  },
  async run(probe, { token }) {
    const { api, target, material } = probe;
    const written = addresses(openedHalves(material));
    const differ = written !== null && written.frontend !== written.backend;
    if (target.api === null) return skip('no API to ask: give --api');
    const path = target.routes.me.value.get;
    const fresh = await api.get(path, { bearer: token.jwt });
    // a backend may rightly reach the auth server by a name of their own network
    const alike = differ && originOf(written.frontend) === originOf(written.backend);
    if (fresh.status === 200)
      return alike ? warn(undefined, { code: 'spelled-differently', data: { variable, ...written } }) : pass();
    // who cannot fetch the keys from an address crashes over a token, and over nothing else
    const overToken = fresh.status >= 500 && refuses(await api.get(path));
    if (!refuses(fresh) && !(overToken && differ && !alike))
      return skip(`${fresh.url} answered ${fresh.status} to a fresh token, which says nothing of its address`);
    const expected = overToken ? null : await issuerTaken(probe, token, path, written?.backend ?? null);
    if (expected !== null) {
      const issued = String(token.claims.iss ?? 'none');
      return problem('expects-another-issuer', { url: fresh.url, issued, expected });
    }
    if (differ && !alike)
      return problem('files-differ', { variable, ...written, url: fresh.url, status: fresh.status });
    return skip(
      `${fresh.url} answered ${fresh.status} to a fresh token, and nothing here says that it is for its address`,
    );
  },
});

/** What the files of both halves say, as their loaders read them; null unless both say something. */
function addresses(halves: { frontend: Half; backend: Half } | null): { frontend: string; backend: string } | null {
  const [frontend, backend] = [halves?.frontend, halves?.backend].map((half) =>
    half === undefined ? undefined : held(half, variable)?.value?.reveal(),
  );
  return frontend && backend ? { frontend, backend } : null;
}

/** The other spelling of issuer and audience that the API takes; null where none helps, or none can be minted. */
async function issuerTaken(probe: Probe, token: Token, path: string, backend: string | null): Promise<string | null> {
  const minter = await minterFor(probe, token);
  if (typeof minter === 'string') return null;
  const issued = String(token.claims.iss ?? probe.target.origin);
  for (const spelled of spellings(issued, backend)) {
    // some verify the issuer alone, some both by one setting
    for (const claims of [{ iss: spelled }, { iss: spelled, aud: spelled }, { aud: spelled }]) {
      if ((await probe.api.get(path, { bearer: minter.mint(claims) })).status === 200) return spelled;
    }
  }
  return null;
}

function spellings(issuer: string, backend: string | null): string[] {
  const plain = issuer.replace(/\/+$/, '');
  const swapped = plain.includes('//localhost')
    ? plain.replace('//localhost', '//127.0.0.1')
    : plain.replace('//127.0.0.1', '//localhost');
  const scheme = /^https:/.test(plain) ? plain.replace(/^https:/, 'http:') : plain.replace(/^http:/, 'https:');
  const own = backend === null ? [] : [backend, backend.replace(/\/+$/, ''), originOf(backend) ?? backend];
  const all = [...own, `${plain}/`, plain, `${plain}/api/auth`, swapped, `${swapped}/`, scheme, `${scheme}/`];
  return [...new Set(all)].filter((each) => each !== issuer);
}

function refuses({ status }: Reply): boolean {
  return status === 401 || status === 403;
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
