import type { Finding } from '../../core/finding.js';
import type { Result } from '../../core/report.js';
import type { Secret } from '../../core/secret.js';
import type { VariantContext } from '../variants.js';
import { databaseFindings } from './database-findings.js';
import { fileFindings } from './file-findings.js';
import { fingerprints } from './fingerprint.js';
import { questions } from './problems.js';
import type { Halves } from './secret-findings.js';
import { secretFindings } from './secret-findings.js';
import type { Half, SeenFile } from './service.js';
import { held, openHalves } from './service.js';
import { usualSecret } from './shared-secret.js';
import { hasUrls, urlFindings } from './url-findings.js';

export interface Circumstances {
  /** 32 random bytes, made anew for each run; asked for where fingerprints are shown */
  readonly key: () => Uint8Array;
  /** env files beside those that the loaders read: backups, examples, other modes */
  readonly siblings: readonly SeenFile[];
  /** hears of each secret before anything is made of it: it must not be printed, whatever happens */
  readonly learn: (secret: Secret) => void;
}

/** Whether the two halves read the same of what they share, and what is wrong with the files that say so. Pure. */
export function checkHalves(halves: Halves, { key, siblings, learn }: Circumstances): readonly Result[] {
  const both = [halves.frontend, halves.backend];
  const confidential = both.flatMap(({ service: { names } }) => [
    ...['BETTER_AUTH_SECRETS', 'AUTH_SECRET', names.secret ?? usualSecret, names.database ?? 'DATABASE_URL'],
  ]);
  for (const name of [...confidential, 'BETTER_AUTH_SECRET']) {
    for (const half of both) {
      const secret = held(half, name)?.value;
      if (secret != null) learn(secret);
    }
  }
  const files = both.flatMap((half) => fileFindings(half, confidential));
  const nothing = both.every(({ service }) => service.files.every(({ found }) => found.kind === 'absent'));
  const context = others(halves, siblings);
  const contexts = { frontend: context, backend: context };
  const skip = nothing ? 'neither half has an env file' : null;
  const databases = both.some((half) => held(half, half.service.names.database ?? 'DATABASE_URL') !== null);
  return [
    result(questions.files, files, skip),
    result(questions.secret, nothing ? [] : secretFindings(halves, fingerprints(key), contexts), skip),
    result(
      questions.database,
      databaseFindings(halves),
      skip ?? (databases ? null : 'neither half has a database URL'),
    ),
    result(questions.urls, urlFindings(halves), skip ?? (hasUrls(halves) ? null : 'there are no two URLs to compare')),
  ];
}

function result(
  { id: check, title, severity }: (typeof questions)[keyof typeof questions],
  findings: readonly Finding[],
  skip: string | null,
): Result {
  const failed = findings.some(({ level }) => level === 'fail');
  const verdict = failed ? 'fail' : findings.length > 0 ? 'warn' : skip === null ? 'pass' : 'skip';
  const because = skip === null || findings.length > 0 ? {} : { because: skip };
  // `asked` is false for the files: that they can be read is no answer to whether the halves agree
  return {
    check,
    title,
    severity,
    core: true,
    asked: check !== 'env/files',
    verdict,
    at: 0,
    ms: 0,
    findings,
    ...because,
  };
}

/** The secrets of the files that no loader reads here, by the file. */
function others(halves: Halves, siblings: readonly SeenFile[]): VariantContext {
  const values = [halves.frontend, halves.backend].flatMap((half) => siblings.flatMap((file) => sibling(half, file)));
  return { others: values };
}

function sibling({ service }: Half, file: SeenFile): VariantContext['others'][number][] {
  const name = service.names.secret ?? usualSecret;
  const spelled = service.loader.spelled(name);
  const { alone } = openHalves({ alone: { ...service, files: [file] } }, {}, (each) => each === spelled);
  const secret = held(alone, name)?.value;
  return secret == null || secret.length < 8 ? [] : [{ name: file.path, value: secret }];
}
