import type { Finding } from '../../core/finding.js';
import { weakness } from '../strength.js';
import type { VariantContext } from '../variants.js';
import { notAsWritten } from './as-written.js';
import type { Fingerprint } from './fingerprint.js';
import { found } from './problems.js';
import { clause, relation } from './relation.js';
import type { Half, Held, Side } from './service.js';
import { placeOf } from './service.js';
import { defaulted, sharedSecret, usualSecret } from './shared-secret.js';

export interface Halves {
  readonly frontend: Half;
  readonly backend: Half;
}

/** What is wrong with the shared secret, between the halves and on each side. */
export function secretFindings(
  halves: Halves,
  fingerprint: Fingerprint,
  contexts: Readonly<Record<Side, VariantContext>>,
): Finding[] {
  const secrets = { frontend: sharedSecret(halves.frontend), backend: sharedSecret(halves.backend) };
  const apart = between(halves, secrets, fingerprint, contexts);
  // that the halves differ says it already
  const told = new Set(apart.length > 0 ? ['env/secret.not-as-written', 'env/secret.depends-on-release'] : []);
  return [
    ...apart,
    ...bothSides(halves)
      .flatMap((half) => own(half, secrets[half.service.side]))
      .filter(({ code }) => !told.has(code)),
    ...splitByShell(halves),
  ];
}

type Secrets = Readonly<Record<Side, Held | null>>;

function between(
  { frontend, backend }: Halves,
  secrets: Secrets,
  fingerprint: Fingerprint,
  contexts: Readonly<Record<Side, VariantContext>>,
): Finding[] {
  const { frontend: front, backend: back } = secrets;
  if (front === null && back === null) {
    return [found('secret.public-default', { name: frontend.service.names.secret ?? usualSecret, side: 'frontend' })];
  }
  if (front === null || back === null) {
    const [holder, lacking] = front === null ? [backend, frontend] : [frontend, backend];
    const { side, names, files } = lacking.service;
    const file = files.at(-1)?.path ?? 'its env file';
    const data = { side: holder.service.side, other: side, name: names.secret ?? usualSecret, file };
    return [found('secret.one-side-only', data, placeOf((front ?? back) as Held))];
  }
  if (front.value === null || back.value === null || front.value.equals(back.value)) return [];
  const known = relation(front.value, back.value, contexts);
  const same = written(front) !== null && written(front) === written(back);
  const unknown = `nothing that is known turns one into the other (${fingerprint(front.value)} and ${fingerprint(back.value)})`;
  const { title } = (known?.mangled === 'frontend' ? frontend : backend).service.loader;
  const data = {
    frontend: front.name,
    backend: back.name,
    how:
      known === null ? unknown : `${clause(known)}${same ? `; both files say the same, and ${title} reads it so` : ''}`,
    remedy: same
      ? 'make a value of letters, digits, - and _ with `lockstep secret`: every loader reads it alike'
      : 'write the same value into both files; `lockstep init --adopt frontend` does, or `--adopt backend`',
    class: known?.name ?? 'unknown',
    mangled: known?.mangled ?? null,
    fingerprints: `${fingerprint(front.value)} ${fingerprint(back.value)}`,
  };
  return [found('secret.differs', data, placeOf(known?.mangled === 'frontend' ? front : back) ?? placeOf(front))];
}

/** What one side's secret is by itself. */
function own(half: Half, secret: Held | null): Finding[] {
  if (secret === null) return [];
  const { side, loader } = half.service;
  const place = placeOf(secret);
  const { name, value, setting } = secret;
  const about = { name, side, loader: loader.title };
  if (value === null) {
    const why = reasons[setting?.undecided ?? 'unmodelled'];
    return [found('secret.undecided', { ...about, why }, place)];
  }
  const weak = defaulted(half, secret) ? 'public-default' : weakness(value);
  const how = setting?.at == null ? null : notAsWritten(setting);
  const hidden = setting?.hidden.find(
    ({ file, assignment }) => file !== place?.file && assignment.value !== value.reveal(),
  );
  const other = half.otherwise.settings.get(loader.spelled(name))?.value;
  const wavers = setting !== null && other?.equals(value) !== true && name !== 'BETTER_AUTH_SECRETS';
  const shell = half.live.settings.get(loader.spelled(name));
  const shadowed = setting !== null && shell?.at === null && shell.value?.equals(value) === false;
  return [
    ...(weak === null ? [] : [found(`secret.${weak}`, about, place)]),
    ...(name === 'BETTER_AUTH_SECRETS' ? [found('secret.rotated', { ...about, name: usualSecret }, place)] : []),
    ...(how === null ? [] : [found('secret.not-as-written', { ...about, how }, place)]),
    ...(wavers ? [found('secret.depends-on-release', about, place)] : []),
    ...(hidden === undefined ? [] : [found('secret.shadowed-by-file', { ...about, hidden: hidden.file.path }, place)]),
    ...(shadowed ? [found('secret.shadowed-by-shell', { ...about, file: place?.file.path ?? '' }, place)] : []),
    ...exposed(half, secret, 'secret'),
  ];
}

/** Of one kind on one side: who has mended so many looks again. */
const most = 50;

/** Variables that are sent to browsers and hold what must stay here. */
export function exposed(half: Half, { value, name }: Held, what: 'secret' | 'database'): Finding[] {
  const { side, loader } = half.service;
  if (value === null || value.length < 8) return [];
  const findings: Finding[] = [];
  for (const setting of half.filed.settings.values()) {
    const prefix = loader.publicPrefixes.find((beginning) => setting.name.startsWith(beginning));
    if (prefix === undefined || setting.name === name || setting.value?.reveal().includes(value.reveal()) !== true)
      continue;
    const data = { name: setting.name, side, loader: loader.title, prefix };
    findings.push(found(`${what}.public-name`, data, setting.at));
    if (findings.length === most) break;
  }
  return findings;
}

/** In this shell the halves would differ, though their files agree. */
function splitByShell({ frontend, backend }: Halves): Finding[] {
  const filed = [sharedSecret(frontend)?.value, sharedSecret(backend)?.value];
  const live = [frontend, backend].map(({ service, shell, live }) => sharedSecret({ service, shell, filed: live }));
  const [front, back] = live;
  if (filed[0] == null || filed[1] == null || !filed[0].equals(filed[1])) return [];
  if (front?.value == null || back?.value == null || front.value.equals(back.value)) return [];
  return [found('secret.shell-splits', { name: front.setting?.at == null ? front.name : back.name })];
}

function bothSides({ frontend, backend }: Halves): Half[] {
  return [frontend, backend];
}

/** The value as it is written, quotes and all. */
function written(secret: Held): string | null {
  const place = placeOf(secret);
  return place === null ? null : place.file.text.slice(place.assignment.valueAt.start, place.assignment.valueAt.end);
}

const reasons = {
  command: 'its loader would run a command',
  inherited: 'it has a name and no value',
  endless: 'it refers to itself without end',
  unmodelled: 'only the shell knows what comes of it',
} as const;
