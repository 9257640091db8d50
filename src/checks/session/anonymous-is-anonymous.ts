import { defineCheck, ending, inconclusive, pass, skip } from '../../core/check.js';
import type { Probe } from '../../core/probe.js';
import type { Head, Reply } from '../../core/reply.js';
import { header, headOf, pointer } from '../../core/reply.js';
import token from '../token/fetch.js';

export default defineCheck({
  id: 'session/anonymous-is-anonymous',
  title: 'without any credential nobody is anybody',
  severity: 'critical',
  impact: 'reads',
  source: ['ASVS 8.3.1', 'ASVS 7.2.1', 'WSTG-ATHN-04', 'WSTG-ATHZ-02', 'OWASP API2:2023'],
  needs: { token },
  problems: {
    open: {
      level: 'fail',
      text: '{url} answered {status} without any credential, in the form of what it answers to a user: {cause}',
      hint: 'refuse who brings no token, in one place before all routes; routes.public declares what is open on purpose',
    },
    somebody: {
      level: 'fail',
      text: '{url} gives {what} to a request without any credential',
      hint: 'a fixed user stands in for who is not signed in, or a cache keeps this path for everybody',
    },
  },
  async run(probe, { token }) {
    const { auth, api, target, canary } = probe;
    // asked under an address of its own: a cache would answer with what somebody else was told
    const fresh = (path: string) => `${path}${path.includes('?') ? '&' : '?'}lockstep=${canary()}`;
    const [session, given] = await Promise.all([
      auth.get(fresh('/get-session')),
      auth.get(fresh(target.tokenRoute.value)),
    ]);
    const routes = protectedRoutes(probe);
    const answers = await Promise.all(
      routes.map(async ({ path, declared }) => {
        const [control, anonymous] = await Promise.all([api.get(path, { bearer: token.jwt }), api.get(fresh(path))]);
        return { path, declared, control: formOf(control), anonymous: formOf(anonymous) };
      }),
    );
    const open = answers.filter(({ control, anonymous }) => sameForm(control, anonymous));
    const closed = answers.filter(
      ({ control, anonymous }) => control.form !== null && !open.some((one) => one.anonymous === anonymous),
    );
    const cause =
      closed.length > 0 ? 'this route has no guard, others have' : 'who brings no token is taken for a guest';
    const failures = [
      ...(pointer(session.json, '/user')
        ? [{ code: 'somebody' as const, data: { url: session.url, what: 'a user' } }]
        : []),
      ...(pointer(given.json, '/token')
        ? [{ code: 'somebody' as const, data: { url: given.url, what: 'a token' } }]
        : []),
      ...open.map(({ path, anonymous }) => ({
        code: 'open' as const,
        data: { url: `${api.base}${path}`, status: anonymous.status, cause },
      })),
    ];
    if (failures.length > 0) return ending(failures);
    const unclear = answers.find(({ declared, control }) => declared && control.form === null);
    if (unclear !== undefined)
      return inconclusive(
        `${unclear.control.url} answered ${unclear.control.status} to a user, so that nobody else can be refused there`,
      );
    if (routes.length > 0 && answers.every(({ control }) => control.form === null))
      return skip('no protected route is known: declare routes.protected in lockstep.json');
    return pass();
  },
});

/** GET routes that need a credential: those that are declared as such, and those whose purpose says so. */
function protectedRoutes({ target }: Probe): { readonly path: string; readonly declared: boolean }[] {
  if (target.api === null) return [];
  const { me, resources, stream, protected: others, public: open } = target.routes;
  const all = [
    { path: me.value.get, declared: me.declared },
    ...resources.value.map(({ collection }) => ({ path: collection, declared: resources.declared })),
    ...(stream?.messages ? [{ path: stream.messages, declared: true }] : []),
    ...others.map((path) => ({ path, declared: true })),
  ];
  const once = all.filter(({ path }, n) => all.findIndex((other) => other.path === path) === n);
  return once.filter(({ path }) => !open.includes(path) && !path.includes('{'));
}

/** An answer with what kind of data it is: what the names of its members are tells it, whatever the values. */
interface Formed extends Head {
  /** null for no data: a page for every unknown path is none */
  readonly form: string | null;
}

function formOf(reply: Reply): Formed {
  const { status } = reply;
  const json: unknown = status >= 200 && status < 300 ? reply.json : null;
  if (typeof json !== 'object' || json === null) return { ...headOf(reply), form: null };
  const form = Array.isArray(json) ? 'list' : Object.keys(json).sort().join();
  return { ...headOf(reply), form };
}

function sameForm(control: Formed, anonymous: Formed): boolean {
  return (
    control.form !== null &&
    header(control, 'content-type') === header(anonymous, 'content-type') &&
    control.form === anonymous.form
  );
}
