import type { FileSeen, FilesSeen, SettingSeen, SideFiles } from '../../core/evidence/files.js';
import type { HolderKind } from '../../core/evidence/holder.js';
import type { Side } from '../../core/evidence/side.js';
import type { Finding } from '../../core/finding.js';
import { printable } from '../../core/finding.js';
import { decode } from '../decode.js';
import { relation } from '../halves/relation.js';
import type { Half, SeenFile } from '../halves/service.js';
import { held, placeOf } from '../halves/service.js';
import { sharedSecret, usualSecret } from '../halves/shared-secret.js';
import type { Held } from './lattice.js';
import { secretNames } from './secret-names.js';

const copied: readonly HolderKind[] = ['beaten', 'other-name', 'version'];

/** The files of both sides as evidence; `findings` are those of `env check`. */
export function filesSeen(
  halves: { readonly [S in Side]?: Half },
  values: readonly Held[],
  findings: readonly Finding[],
): FilesSeen {
  const { frontend, backend } = halves;
  const front = frontend === undefined ? null : sharedSecret(frontend);
  const back = backend === undefined ? null : sharedSecret(backend);
  const both = front?.value != null && back?.value != null;
  const others = (side: Side) => ({
    others: values
      .filter(({ holder }) => !['current', 'other-loader', 'process'].includes(holder.kind) && !holder.empty)
      // an old file explains its own side; another name or a beaten assignment may have been copied to the other
      .filter(({ holder: { side: owner, kind } }) => owner === null || owner === side || copied.includes(kind))
      .map(({ holder, value }) => ({ name: holder.id, value })),
  });
  const known =
    front?.value != null && back?.value != null && !front.value.equals(back.value)
      ? relation(front.value, back.value, { frontend: others('backend'), backend: others('frontend') })
      : null;
  const text = (one: typeof front) => {
    const place = one === null ? null : placeOf(one);
    return place?.file.text.slice(place.assignment.valueAt.start, place.assignment.valueAt.end) ?? null;
  };
  return {
    ...(frontend === undefined ? {} : { frontend: sideOf(frontend, values) }),
    ...(backend === undefined ? {} : { backend: sideOf(backend, values) }),
    agree: both ? (front?.value?.equals(back?.value as NonNullable<typeof back.value>) ?? null) : null,
    relation: known === null ? null : { mangled: known.mangled, variant: known.name },
    sameText: text(front) !== null && text(front) === text(back),
    findings,
  };
}

function sideOf(half: Half, values: readonly Held[]): SideFiles {
  const { side, loader, files, names } = half.service;
  const decides = values.find(({ holder }) => holder.kind === 'current' && holder.side === side);
  return {
    loader: loader.title,
    files: files.map(fileSeen),
    holder: decides?.holder.id ?? null,
    otherReleases: otherReleases(half),
    name: names.secret ?? decides?.holder.name ?? usualSecret,
    secretNames: secretNames([...half.filed.settings.keys()], half),
    settings: settingsOf(half, values),
  };
}

function otherReleases(half: Half): SideFiles['otherReleases'] {
  const here = sharedSecret(half)?.value;
  const there = sharedSecret({ service: half.service, shell: half.shell, filed: half.otherwise })?.value;
  if (there == null) return here == null ? 'same' : 'nothing';
  return here?.equals(there) === true ? 'same' : 'other';
}

function fileSeen({ path, found }: SeenFile): FileSeen {
  const file = found.kind === 'file' ? found : null;
  const modified = file?.modified === undefined ? null : new Date(file.modified).toISOString();
  return { path, found: found.kind, encoding: file === null ? null : decode(file.bytes).encoding, modified };
}

const telling =
  /ISSUER|AUDIENCE|JWKS_?UR[IL]|ALGORITHM|_ALG$|^ALG$|^(NEXT_PUBLIC_)?BETTER_AUTH_URL$|AUTH_URL$|^NODE_ENV$|^TEST$/i;

/** Settings that are no secrets and say how tokens are made or judged. A value that holds a secret is left out. */
function settingsOf(half: Half, values: readonly Held[]): SettingSeen[] {
  return [...half.filed.settings.keys()].flatMap((spelled) => {
    const one = telling.test(spelled) && !/SECRET|PRIVATE|PASSWORD/i.test(spelled) ? held(half, spelled) : null;
    const text = one?.value?.reveal();
    if (one === null || text === undefined) return [];
    const value = harmless(text);
    if (value === null || values.some((each) => each.value.length >= 8 && value.includes(each.value.reveal())))
      return [];
    const at = one.setting?.at ?? null;
    return [{ name: one.name, value, path: at?.file.path ?? null, line: null }];
  });
}

/** An address without user, password, query and fragment, or one plain word. */
function harmless(text: string): string | null {
  if (/^[\w.-]{1,40}$/.test(text)) return text;
  try {
    const { protocol, host, pathname } = new URL(text);
    const path = pathname === '/' && !text.endsWith('/') ? '' : pathname;
    return /^(https?|wss?):$/.test(protocol) ? printable(`${protocol}//${host}${path}`) : null;
  } catch {
    return null;
  }
}
