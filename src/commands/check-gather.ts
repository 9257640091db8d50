import { isLoopbackHost } from '../core/host.js';
import type { Candidate, HalfFiles, JwksRow, Material, Process } from '../core/material.js';
import type { Redactor } from '../core/redact.js';
import type { Secret } from '../core/secret.js';
import type { Target } from '../core/target.js';
import { openedHalves } from '../env-file/halves/opened.js';
import type { Loaded } from '../env-file/setting.js';
import { SecretsError, secretsOf, singleSecret } from '../token/secrets.js';
import type { World } from '../world.js';
import type { MaterialOptions } from './check-material.js';
import { usesFiles } from './check-material.js';
import { dialects, lookAt } from './env/look.js';
import type { Known } from './env/services.js';
import { declaredServices } from './env/services.js';
import { readSecrets } from './token/secret-sources.js';

/** What the checks may use beside addresses and users: `findMaterial` says when. */
export async function gatherMaterial(
  target: Target,
  options: MaterialOptions,
  world: World,
  redactor: Redactor,
): Promise<Material> {
  const node = Number(process.versions.node.split('.')[0]);
  const known = usesFiles(target, options) ? await declaredServices(options.config, world) : null;
  const halves =
    known === null ? null : { frontend: await seen(known[0], world), backend: await seen(known[1], world) };
  const found = { halves, node, shell: world.env };
  const given = await readSecrets(options, world, redactor);
  const candidates: Candidate[] = [
    ...(given === null ? [] : [{ place: given.source, set: given.set }]),
    ...(target.secret === null ? [] : [{ place: 'the secret of the target', set: singleSecret(target.secret) }]),
    ...ofFiles(found),
  ];
  for (const { set } of candidates) {
    for (const secret of [set.current, set.legacy, ...set.versions.values()])
      if (secret) redactor.learn(secret.reveal());
  }
  let rows: Promise<readonly JwksRow[] | null> | undefined;
  return {
    ...found,
    candidates,
    jwks: () => (rows ??= rowsOf(target, world)),
    process: (side) => processOf(side === 'frontend' ? target.auth : target.api),
    accessLog: (text) => timesInLog(text, world),
    expiredSession: (userId) => expiredSession(target, userId, world),
  };
}

async function seen(known: Known, world: World): Promise<HalfFiles> {
  const { service, siblings } = await lookAt(known, 'development', dialects, world);
  const { side, dir, loader, names } = known;
  return { side, dir, loader, names, files: service.files, siblings };
}

/** With this shell's variables, and without: a service that was started elsewhere does not have them. */
function ofFiles(found: Pick<Material, 'halves' | 'node' | 'shell'>): Candidate[] {
  const opened = openedHalves(found);
  if (opened === null) return [];
  return [opened.frontend, opened.backend].flatMap(({ live, filed, service }) => {
    const own = service.names.secret;
    return (live === filed ? [live] : [live, filed]).flatMap((loaded) => {
      const values = valuesOf(loaded);
      const secrets = readable(own === null ? values : { BETTER_AUTH_SECRET: values[own] });
      return secrets === null ? [] : [{ place: `${secrets.name} of the ${service.side}`, set: secrets.secrets }];
    });
  });
}

/** What cannot be read as a list of secrets is no candidate; `env check` says what is wrong with it. */
function readable(values: Parameters<typeof secretsOf>[0]): ReturnType<typeof secretsOf> {
  try {
    return secretsOf(values);
  } catch (error) {
    if (error instanceof SecretsError) return null;
    throw error;
  }
}

function valuesOf({ settings }: Loaded): Record<string, string | undefined> {
  return Object.fromEntries([...settings].map(([name, { value }]) => [name, value?.reveal()]));
}

async function rowsOf({ database }: Target, world: World): Promise<readonly JwksRow[] | null> {
  if (database === null) return null;
  const { readJwksRows } = await import('../io/jwks-rows.js');
  return readJwksRows({ url: database, source }, world);
}

/** Whoever listens at a loopback address is the process of that half. */
async function processOf(url: string | null): Promise<Process | null> {
  const { hostname, port, protocol } = new URL(url ?? 'http://nowhere.invalid');
  if (!isLoopbackHost(hostname)) return null;
  const { listenerOn, localProcess } = await import('../io/evidence/process.js');
  const pid = listenerOn(Number(port || (protocol === 'https:' ? 443 : 80)));
  const found = pid === null ? null : localProcess(pid);
  return found === null ? null : { pid: found.pid, started: found.started?.getTime() ?? null };
}

/** Read anew each time: what a check has just caused must be in it. */
async function timesInLog(text: string, { env, files }: World): Promise<{ path: string; times: number } | null> {
  const path = env.LOCKSTEP_ACCESS_LOG ?? '';
  const pieces = path === '' ? null : await files.pieces(path, largestLog);
  if (pieces === null) return null;
  if (text === '') return { path, times: 0 };
  let times = 0;
  let rest = '';
  for await (const piece of pieces) {
    const parts = (rest + piece).split(text);
    times += parts.length - 1;
    // it may begin at the end of one piece and go on in the next
    const last = parts.at(-1) ?? '';
    rest = last.slice(Math.max(0, last.length - text.length + 1));
  }
  return { path, times };
}

async function expiredSession({ database }: Target, userId: string, world: World): Promise<Secret | null> {
  if (database === null) return null;
  const { findExpiredSession } = await import('../io/session-rows.js');
  return findExpiredSession({ url: database, source }, userId, world);
}

/** bytes */
const largestLog = 64 * 1_048_576;
const source = 'the database of the target';
