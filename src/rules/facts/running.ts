import type { Evidence } from '../../core/evidence/evidence.js';
import type { Side } from '../../core/evidence/side.js';
import type { CauseSpecs, Found, Rule } from '../../core/rule.js';
import { defineRule } from '../../core/rule.js';
import {
  backendRuns,
  currentOf,
  frontendRuns,
  holderOf,
  inWords,
  isExactly,
  isNothing,
  type Runs,
  refuses,
  takes,
} from './fits.js';
import { reasonOf } from './mangling.js';
import type { Why } from './why.js';
import { why } from './why.js';

const restart = 'restart the {side}, so that it reads {file} again';
const write = 'make one value with `lockstep secret` and write it into both files as NAME=value, without quotes';

/** What a side runs where its own files say something else; the words are the same for both sides. */
const causes = {
  mangled: {
    certainty: 'proven',
    text: 'the running {side} has {what}',
    means: '{reason}',
    fix: [write, restart],
    weight: 70,
  },
  'other-loader': {
    certainty: 'proven',
    text: 'the running {side} has {what}, not as {loader} reads it',
    means: 'the service is started by something else than lockstep was told, and that reads the line otherwise',
    fix: [write, restart],
    weight: 68,
  },
  exported: {
    certainty: 'proven',
    text: 'the running {side} has {what}, which beats {file}',
    means: 'a variable of the environment goes before the env file, so that what the file says never counts',
    fix: ['take {name} out of the environment that starts the {side} (shell, unit file, compose, CI)', restart],
    weight: 72,
  },
  'kept-environment': {
    certainty: 'proven',
    text: 'the running {side} was restarted with its old environment: it has {what}',
    means: 'a restart that keeps the environment (docker restart, pm2 restart) does not bring the new value',
    fix: [
      'make the {side} anew instead of restarting it: docker compose up -d --force-recreate, pm2 restart --update-env',
    ],
    weight: 73,
  },
  stale: {
    certainty: 'proven',
    text: 'the running {side} still has the old secret: {what}',
    means: 'the process was started before {file} changed, and reads it only at its start',
    fix: [restart],
    weight: 71,
  },
  beaten: {
    certainty: 'proven',
    text: 'the running {side} has {what}, an assignment that another one should beat',
    means: 'the variable is set more than once, and the service takes another one of them than its loader would',
    fix: ['delete the assignment that is not meant', restart],
    weight: 69,
  },
  'other-name': {
    certainty: 'proven',
    text: 'the running {side} reads another variable: it has {what}',
    means: 'code and file do not agree on the name, or a variable that goes first is set',
    fix: [
      'write the secret under the name that the code of the {side} reads, and say so: `lockstep env check --{side}-secret-name NAME`',
      restart,
    ],
    weight: 70,
  },
  'other-file': {
    certainty: 'proven',
    text: 'the running {side} reads another file: it has {what}',
    means: 'it was started in another folder or mode than was thought',
    fix: ['start it in the folder of {file}, or write the secret into the file that it reads', restart],
    weight: 70,
  },
  'other-environment': {
    certainty: 'proven',
    text: 'the running {side} has the secret of another environment: {what}',
    means: 'the deployment was given the settings of another one',
    fix: ['give it the secret of its own environment', restart],
    weight: 70,
  },
  example: {
    certainty: 'proven',
    text: 'the running {side} has the placeholder of an example: {what}',
    means: 'everybody who reads the repository can sign sessions',
    fix: [write, restart],
    weight: 70,
  },
  default: {
    certainty: 'proven',
    text: "the running {side} has Better Auth's public default secret",
    means: 'no secret reached the process: everybody can sign sessions, and no backend agrees',
    fix: ['see that {file} is there, readable and read by the process', restart],
    weight: 60,
  },
  'of-the-other-side': {
    certainty: 'proven',
    text: 'the running {side} has {what}, not the value of its own files',
    means: 'the {side} was given the settings of the other side',
    fix: ['write the same value into both files; `lockstep init --adopt {side}` does', restart],
    weight: 65,
  },
  unknown: {
    certainty: 'likely',
    symptom: true,
    text: 'the running {side} has a secret that is none of {tried} values that were tried: the secrets differ, cause unknown',
    means: 'its value comes from somewhere that lockstep did not see, or is changed in a way that it does not know',
    fix: [
      'give what else may hold it: `lockstep diagnose --also DIR`',
      'look at the environment of the process: `lockstep diagnose --pid-{side} NUMBER`',
    ],
    proof: 'the value that its process was started with',
  },
} as const satisfies CauseSpecs;

type Causes = typeof causes;

/** The rule for one side; `id` is its file. */
export function runningRule(side: Side, id: string): Rule<Causes> {
  return defineRule<Causes>({
    id,
    title: `the running ${side} has another secret than its files say`,
    causes,
    match: (evidence) => found(evidence, side),
    excludes(evidence) {
      const runs = measured(evidence, side);
      const own = currentOf(evidence, side);
      return runs !== null && own !== null && isExactly(runs.fits, own)
        ? `the ${side}: what runs has the value of ${own.id}`
        : null;
    },
  });
}

function measured(evidence: Evidence, side: Side): Runs | null {
  return side === 'frontend' ? frontendRuns(evidence) : backendRuns(evidence);
}

function found(evidence: Evidence, side: Side): Found<Causes>[] {
  const runs = measured(evidence, side);
  const own = currentOf(evidence, side);
  if (runs === null || isExactly(runs.fits, own)) return [];
  // in step, whatever the files say
  if (takes(evidence) && evidence.session?.token?.alg?.startsWith('HS') === true && own === null) return [];
  const file = own?.path ?? evidence.files?.[side]?.files[0]?.path ?? 'the env file';
  const because = [`${runs.how} says so`];
  if (runs.fits.length === 0) return unknown(evidence, side, runs, file);
  // that nothing reached it is told by what its files lack
  if (
    (own === null || own.empty) &&
    evidence.files?.[side] !== undefined &&
    runs.fits.some(({ variant }) => isNothing(variant))
  )
    return [];
  const reason = why(evidence, side, runs.fits);
  if (reason === null || sameAsOther(evidence, side, reason)) return [];
  const holder = holderOf(evidence, reason.fit.holder);
  const data = {
    side,
    what: inWords(reason.fit),
    reason: reasonOf(reason.fit.variant),
    loader: own?.loader ?? 'its loader',
    name: holder?.name.replace(/^version \d+ of /, '') ?? '',
    file,
    tried: runs.tried,
    variant: reason.fit.variant ?? '',
  };
  return [{ cause: reason.cause, guilty: side, data, because: [...because, ...age(evidence, side), ...notFile(own)] }];
}

/** Without files of its own a side that runs exactly what the other one has is in step. */
function sameAsOther(evidence: Evidence, side: Side, { cause, fit }: Why): boolean {
  if (evidence.files?.[side] !== undefined) return false;
  if (cause === 'of-the-other-side') return true;
  // exported in this shell, or started with: then that is what it is meant to have
  return fit.variant === null && (cause === 'exported' || cause === 'kept-environment') && evidence.files === undefined;
}

function unknown(evidence: Evidence, side: Side, runs: Runs, file: string): Found<Causes>[] {
  // a backend that takes none of our tokens may have other reasons, and one that was asked in vain has told nothing
  const values = evidence.holders.filter(({ kind, empty }) => kind !== 'default' && !empty);
  if (values.length === 0 || (side === 'backend' && !refuses(evidence) && evidence.session !== undefined)) return [];
  if (side === 'backend' && (evidence.backend?.stranger.status ?? 0) >= 500) return [];
  if (side === 'backend' && evidence.session?.token != null && !evidence.session.token.alg?.startsWith('HS')) return [];
  const data = { side, what: '', reason: '', loader: '', name: '', file, tried: runs.tried, variant: '' };
  const because = [`${runs.how}: none of ${runs.tried} fits`];
  const certainty = runs.sure ? 'proven' : side === 'frontend' ? 'possible' : 'likely';
  return [{ cause: 'unknown', guilty: side, data, because, certainty }];
}

function age(evidence: Evidence, side: Side): string[] {
  const started = evidence.processes?.[side]?.started;
  const changed = evidence.files?.[side]?.files
    .flatMap(({ modified }) => modified ?? [])
    .toSorted()
    .at(-1);
  if (started == null || changed === undefined) return [];
  return started < changed
    ? [`the process was started at ${started}, and its files changed at ${changed}`]
    : [`the process was started at ${started}, after its files changed`];
}

function notFile(own: ReturnType<typeof currentOf>): string[] {
  return own === null ? [] : [`the value of ${own.id} as it stands does not fit`];
}
