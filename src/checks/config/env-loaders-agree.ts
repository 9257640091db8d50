import { defineCheck, pass, problem, skip, warn } from '../../core/check.js';
import type { Secret } from '../../core/secret.js';
import { openedHalves } from '../../env-file/halves/opened.js';
import { positionOf } from '../../env-file/halves/position.js';
import { relation } from '../../env-file/halves/relation.js';
import type { Half, Held } from '../../env-file/halves/service.js';
import { placeOf, textsOf } from '../../env-file/halves/service.js';
import { sharedSecret } from '../../env-file/halves/shared-secret.js';

export default defineCheck({
  id: 'config/env-loaders-agree',
  title: 'what the files say of the shared secret reads alike by the loaders of both halves',
  severity: 'high',
  impact: 'offline',
  judges: 'files',
  source: ['ASVS 13.3.1'],
  problems: {
    'reads-differently': {
      level: 'fail',
      text: '{file}:{line}: {own} and {other} read {name} as different values{cause}',
      hint: 'make a value of letters, digits, - and _ with `lockstep secret`: every loader reads it alike',
    },
    'set-twice': {
      level: 'fail',
      text: '{file}:{line}: {name} is set twice, and the value before this one does not count',
      hint: 'delete the one that is not meant: the eye stops at the first, every loader takes the last',
    },
    'depends-on-release': {
      level: 'warn',
      text: '{file}:{line}: releases of {own} read {name} as different values{cause}',
      hint: 'make a value of letters, digits, - and _ with `lockstep secret`: every loader reads it alike',
    },
  },
  async run({ material }) {
    const opened = openedHalves(material);
    if (opened === null) return skip('no env files: declare services in lockstep.json');
    const { frontend, backend } = opened;
    const pairs: readonly (readonly [Half, Half])[] = [
      [frontend, backend],
      [backend, frontend],
    ];
    const placed = pairs.flatMap(([half, other]) => {
      const secret = sharedSecret(half);
      const place = secret === null ? null : placeOf(secret);
      return secret === null || place === null ? [] : [{ half, other, secret, place }];
    });
    if (placed.length === 0) return skip('no file sets the secret of either half');
    const remarks = [];
    for (const { half, other, secret, place } of placed) {
      const at = { file: place.file.path, line: positionOf(place.file, place.assignment.valueAt.start).line };
      const about = { ...at, name: secret.name, own: half.service.loader.title };
      const theirs = readBy(half, other, secret);
      if (theirs !== undefined && theirs.reveal() !== secret.value?.reveal())
        return problem('reads-differently', {
          ...about,
          other: other.service.loader.title,
          cause: causeOf(secret.value, theirs),
        });
      const earlier = secret.setting?.hidden.find(
        ({ file, assignment }) => file.path === place.file.path && assignment.value !== place.assignment.value,
      );
      if (earlier !== undefined) return problem('set-twice', { ...at, name: secret.name });
      const otherwise = half.otherwise.settings.get(half.service.loader.spelled(secret.name))?.value ?? null;
      if (half.service.loader.varies && otherwise?.reveal() !== secret.value?.reveal())
        remarks.push({
          code: 'depends-on-release' as const,
          data: { ...about, cause: causeOf(secret.value, otherwise) },
        });
    }
    return remarks.length > 0 ? warn(undefined, ...remarks) : pass();
  },
});

/** The value that the loader of the other half would read from the same files; undefined where it reads none. */
function readBy(half: Half, { service }: Half, { name }: Held): Secret | undefined {
  const { settings } = service.loader.load(textsOf(half.service), {});
  return settings.get(service.loader.spelled(name))?.value ?? undefined;
}

/** What one reading did that the other did not, as the end of a sentence; nothing where no known change does that. */
function causeOf(own: Secret | null, other: Secret | null): string {
  const alone = { others: [] };
  const known = own && other && relation(own, other, { frontend: alone, backend: alone });
  if (!known) return '';
  if (known.name.includes('$')) return ': one of them expands the $ in it';
  if (known.name.includes('#')) return ': one of them takes the # in it for a comment';
  if (/quotes|backticks/.test(known.name)) return ': one of them keeps the quotes around it';
  return `: one of them reads it ${known.name}`;
}
