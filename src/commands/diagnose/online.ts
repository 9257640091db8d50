import { setMaxListeners } from 'node:events';
import { usage } from '../../core/errors.js';
import type { BackendSeen } from '../../core/evidence/backend.js';
import type { TokenSeen } from '../../core/evidence/credential.js';
import type { Evidence, Look } from '../../core/evidence/evidence.js';
import type { FrontendSeen } from '../../core/evidence/frontend.js';
import type { Redactor } from '../../core/redact.js';
import { pointer } from '../../core/reply.js';
import type { Target } from '../../core/target.js';
import type { Candidate } from '../../env-file/evidence/lattice.js';
import type { Asked, Line } from '../../io/evidence/ask.js';
import { cookieNames } from '../../io/evidence/cookies.js';
import type { SignedIn } from '../../io/evidence/session.js';
import type { Signer } from '../../token/mint.js';
import type { World } from '../../world.js';
import type { Local } from './local.js';
import type { Options } from './options.js';

interface Around {
  readonly options: Options;
  readonly target: Target;
  readonly local: Local;
  readonly candidates: readonly Candidate[];
  readonly signer: Promise<Signer | null>;
}

type Live = Pick<Evidence, 'frontend' | 'session' | 'backend' | 'replicas'>;

/** The running sides. Loaded only where somebody is asked over HTTP. */
export async function lookAround(
  around: Around,
  world: World,
  redactor: Redactor,
  note: (line: string) => void,
): Promise<{ seen: Live; looks: Look[] }> {
  const { target, candidates } = around;
  const [{ ask }, { lookAtFrontend }, { lookAsUser }, { fitsAmong }, { pause }] = await Promise.all([
    import('../../io/evidence/ask.js'),
    import('../../io/evidence/frontend.js'),
    import('../../io/evidence/session.js'),
    import('../../io/evidence/signed.js'),
    import('../../io/pause.js'),
  ]);
  // many exchanges go on at once
  setMaxListeners(0, world.interrupted);
  const line: Line = {
    http: world.http,
    signal: world.interrupted,
    origin: target.origin,
    now: world.now,
    random: world.random,
    pause: (ms) => pause(world.timer, ms, world.interrupted),
    note,
    learn: (secret) => redactor.learn(secret),
  };
  const exact = candidates.filter(({ fits }) => fits.some(({ variant }) => variant === null)).length;
  const find = fitsAmong(candidates);
  const keySet = ask(line, `${target.auth}/jwks`);
  const keysOf = ({ reply, answer }: Asked) =>
    answer.status === 200 && pointer(reply?.json, '/keys') !== undefined ? reply?.json : undefined;
  let first: Promise<Asked> | null = keySet;
  const jwks = async () => {
    const asked = await (first ?? ask(line, `${target.auth}/jwks`));
    first = null;
    return keysOf(asked);
  };
  const where = { auth: target.auth, tokenRoute: target.tokenRoute.value };
  const signedIn = (name: 'a' | 'b') => {
    const user = target.users[name];
    return user === null ? null : lookAsUser(line, where, user, find, candidates.length, jwks);
  };
  const frontend = lookAtFrontend(line, target.auth, candidates, exact, target.users.a === null, keySet);
  const session = signedIn('a');
  const backend = target.api === null ? null : lookBehind(around, line, exact, session, () => signedIn('b'));
  // each sample begins as soon as it is known what to ask
  const samples = sampled(around, line, { frontend, session, backend });
  const [front, user, back, replicas] = await Promise.all([frontend, session, backend, samples]);
  const looks: Look[] = [
    { part: 'frontend', failed: front.ok.status === 0 ? `${target.auth}: ${front.ok.says}` : null },
    ...(user === null
      ? []
      : [{ part: 'session' as const, failed: user.seen.signIn.status === 0 ? 'nobody answered the sign-in' : null }]),
    ...(back === null ? [] : [backendLook(back, user !== null)]),
  ];
  return {
    looks,
    seen: {
      frontend: front,
      ...(user === null ? {} : { session: user.seen }),
      ...(back === null ? {} : { backend: back }),
      ...(replicas == null ? {} : { replicas }),
    },
  };
}

type User = { readonly seen: { readonly token: TokenSeen | null }; readonly user: SignedIn };

async function lookBehind(
  { target, local, candidates, signer }: Around,
  line: Line,
  exact: number,
  session: Promise<User> | null,
  second: () => Promise<User> | null,
) {
  const { lookAtBackend } = await import('../../io/evidence/backend.js');
  const { trust, routes, auth, origin } = target;
  const settings = [...(local.files?.frontend?.settings ?? []), ...(local.files?.backend?.settings ?? [])];
  const named = settings
    .filter(({ name }) => /ISSUER|AUDIENCE|AUTH_URL/i.test(name))
    .map(({ name, value, path }) => ({ name: path === null ? name : `${name} in ${path}`, value }));
  const usual = [
    { name: 'the origin with a slash', value: `${origin}/` },
    { name: 'the origin', value: origin },
    { name: 'the auth URL', value: auth },
    { name: 'the API', value: target.api ?? '' },
  ];
  const names = [...new Map([...named, ...usual].map((one) => [one.value, one])).values()];
  return lookAtBackend(line, {
    api: target.api ?? '',
    route: routes.me.value.get,
    candidates,
    exact,
    symmetric: trust === 'shared-secret' ? 'yes' : trust === 'jwks' ? 'no' : 'perhaps',
    session: session === null ? Promise.resolve(null) : session.then(({ seen, user }) => ({ user, token: seen.token })),
    second: async () => (await second())?.user ?? null,
    rowSigner: signer,
    names,
  });
}

/** Whether what was seen of the backend can tell anything: a route that is not there tells nothing. */
function backendLook({ url, route, anonymous, token }: NonNullable<Live['backend']>, signsIn: boolean): Look {
  const part = 'backend';
  if (anonymous.status === 0) return { part, failed: `${url}: ${anonymous.says}` };
  if (anonymous.status === 404 && (token === null || token.status === 404))
    return {
      part,
      failed: `${url}${route} answered 404`,
      hint: 'name the route that says who the caller is with --me',
    };
  if (anonymous.status < 300)
    return {
      part,
      failed: `${url}${route} answers ${anonymous.status} to anybody`,
      hint: 'name a protected route with --me',
    };
  if (token === null && signsIn) return { part, failed: 'there is no token to show it' };
  return { part, failed: null };
}

async function sampled(
  { options, target, local, candidates }: Around,
  line: Line,
  {
    frontend,
    session,
    backend,
  }: {
    readonly frontend: Promise<FrontendSeen>;
    readonly session: Promise<User> | null;
    readonly backend: Promise<BackendSeen> | null;
  },
): Promise<Evidence['replicas'] | null> {
  const times = replicaCount(options.replicas);
  if (times === 0) return null;
  const { sampleFrontend, sampleBackend } = await import('../../io/evidence/replicas.js');
  const one = frontend.then(({ oracle, cookies }) => {
    const wanted = oracle?.fits[0] ?? { holder: local.files?.frontend?.holder ?? null, variant: null };
    const found = candidates.find(({ fits }) =>
      fits.some(({ holder, variant }) => holder === wanted.holder && variant === wanted.variant),
    );
    if (oracle === null || oracle.control !== 'silent' || found === undefined) return null;
    return sampleFrontend(line, `${target.auth}${oracle.path}`, cookieNames(cookies), found.bytes, times);
  });
  const other = Promise.all([session, backend]).then(([user, seen]) => {
    const token = user?.user.token ?? null;
    if (seen === null || token === null || seen.token === null || seen.anonymous.status < 300) return null;
    return sampleBackend(line, `${seen.url}${seen.route}`, token.reveal(), seen, times);
  });
  const [front, back] = await Promise.all([one, other]);
  if (front === null && back === null) return null;
  return { ...(front === null ? {} : { frontend: front }), ...(back === null ? {} : { backend: back }) };
}

function replicaCount(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 200) throw usage(`--replicas ${text}: it is a number up to 200`);
  return Number(text);
}
