import type { Data, Finding, Level } from '../../core/finding.js';
import { fill } from '../../core/finding.js';
import type { Place } from '../setting.js';
import { excerptOf, positionOf } from './position.js';

interface Spec {
  readonly level: Level;
  readonly text: string;
  readonly hint?: string;
}

/** The four questions that `env check` asks; a code of theirs is `env/<name>.<problem>`. */
export const questions = {
  files: {
    id: 'env/files',
    title: 'the env files can be read, and by nobody else',
    severity: 'medium',
    codes: 'file.',
  },
  secret: { id: 'env/secret', title: 'both halves hold the same secret', severity: 'critical', codes: 'secret.' },
  database: { id: 'env/database', title: 'both halves use the same database', severity: 'high', codes: 'database.' },
  urls: { id: 'env/urls', title: 'the URLs of the halves fit together', severity: 'high', codes: 'url' },
} as const;

const rewrite = 'make one with `lockstep secret` and write it into both files as NAME=value, without quotes';

/** Everything that `env check` can find, in the words that the user will read. A code is an interface. */
export const problems = {
  'file.folder': { level: 'fail', text: '{file} is a folder, not a file' },
  'file.special': { level: 'fail', text: '{file} is not a regular file' },
  'file.unreadable': {
    level: 'fail',
    text: '{file}: {why}',
    hint: 'its service cannot read it either if it runs as the same user',
  },
  'file.too-large': {
    level: 'fail',
    text: '{file} has {size} bytes; an env file has at most 1 MiB',
    hint: 'see whether it is the right file',
  },
  'file.too-many-lines': {
    level: 'fail',
    text: '{file} has too many lines: it and the files that are read with it have at most {most}',
    hint: 'see whether it is the right file',
  },
  'file.binary': { level: 'fail', text: '{file} is not text', hint: 'see whether it is the right file' },
  'file.utf-16': {
    level: 'fail',
    text: '{file} is UTF-16, of which {loader} reads nothing',
    hint: 'save it as UTF-8 without a byte order mark; `lockstep env check --fix` does',
  },
  'file.byte-order-mark': {
    level: 'warn',
    text: '{file} begins with a byte order mark, which hides its first variable from some loaders',
    hint: '`lockstep env check --fix` takes it off',
  },
  'file.carriage-returns': {
    level: 'warn',
    text: '{file} has Windows line ends: a shell that sources it ends each value in a carriage return',
    hint: '`lockstep env check --fix` makes them newlines',
  },
  'file.not-utf-8': { level: 'fail', text: '{file} has bytes that are not UTF-8', hint: 'save it as UTF-8' },
  'file.world-readable': {
    level: 'warn',
    text: '{file} can be read by every user of this machine (mode {mode})',
    hint: '`lockstep env check --fix` makes it 0600',
  },
  'file.committed': {
    level: 'fail',
    text: '{file} is tracked by git, and holds {name}',
    hint: 'git rm --cached {file}, add it to .gitignore, and replace the secret: it stays in the history',
  },
  'file.refused': { level: 'fail', text: '{loader} does not take {file}: {why}' },
  'file.cut-short': { level: 'fail', text: '{loader} takes nothing of {file} from here on: {why}' },
  'file.line-ignored': { level: 'warn', text: '{loader} ignores a line of {file}: {why}' },
  'file.runs-a-command': {
    level: 'fail',
    text: '{loader} would run a command here',
    hint: 'quote the value, or write what the command prints',
  },
  'file.duplicate': {
    level: 'warn',
    text: '{name} is set more than once in {file}; the last one counts',
    hint: 'delete the others',
  },
  'secret.differs': {
    level: 'fail',
    text: '{frontend} of the frontend is not {backend} of the backend: {how}',
    hint: '{remedy}',
  },
  'secret.one-side-only': {
    level: 'fail',
    text: 'only the {side} has the secret: the {other} sets no {name}',
    hint: 'write the same value into {file}; `lockstep init` does',
  },
  'secret.undecided': {
    level: 'fail',
    text: 'no file decides {name} of the {side}: {why}',
    hint: 'write the value itself',
  },
  'secret.public-default': {
    level: 'fail',
    text: '{name} of the {side} is the default that is printed in the source of Better Auth',
    hint: rewrite,
  },
  'secret.placeholder': { level: 'fail', text: '{name} of the {side} is a placeholder', hint: rewrite },
  'secret.short': { level: 'warn', text: '{name} of the {side} has fewer than 32 characters', hint: rewrite },
  'secret.low-entropy': {
    level: 'warn',
    text: '{name} of the {side} has few different characters: Better Auth calls it low-entropy',
    hint: rewrite,
  },
  'secret.public-name': {
    level: 'fail',
    text: '{name} of the {side} holds the secret, and {loader} sends {prefix}* to every browser',
    hint: 'delete the variable, and replace the secret',
  },
  'secret.not-as-written': {
    level: 'warn',
    text: '{loader} does not read {name} as it is written: {how}',
    hint: rewrite,
  },
  'secret.shadowed-by-file': {
    level: 'warn',
    text: '{name} of the {side} is also set in {hidden}, to another value that does not count',
    hint: 'delete the one that is not meant',
  },
  'secret.shadowed-by-shell': {
    level: 'warn',
    text: 'this shell sets {name}, and {loader} takes that, not the value of {file}',
    hint: 'unset {name}',
  },
  'secret.shell-splits': {
    level: 'fail',
    text: 'in this shell the halves differ: {name} is set, which one of them takes and the other does not',
    hint: 'unset {name}',
  },
  'secret.rotated': {
    level: 'warn',
    text: 'BETTER_AUTH_SECRETS decides on the frontend, not {name}: its first entry signs',
  },
  'secret.depends-on-release': { level: 'warn', text: 'releases of {loader} read {name} differently', hint: rewrite },
  'database.differs': {
    level: 'fail',
    text: 'the halves use different databases, told apart by {parts}',
    hint: 'the backend then looks for users and keys where the frontend does not write them',
  },
  'database.one-side-only': { level: 'warn', text: 'only the {side} sets {name}' },
  'database.not-a-url': { level: 'fail', text: '{name} of the {side} is not a database URL' },
  'database.public-name': {
    level: 'fail',
    text: '{name} of the {side} holds the database URL, and {loader} sends {prefix}* to every browser',
    hint: 'delete the variable, and change the password',
  },
  'urls.not-a-url': { level: 'warn', text: '{name} of the {side} is not an http(s) URL' },
  'urls.public-differs': {
    level: 'fail',
    text: '{name} and BETTER_AUTH_URL of the frontend have different origins: the browser would sign in elsewhere',
  },
  'urls.issuer-differs': {
    level: 'fail',
    text: '{name} of the backend and BETTER_AUTH_URL of the frontend have different origins',
  },
  'urls.origin-not-allowed': {
    level: 'fail',
    text: 'CORS_ORIGINS of the backend leaves out the origin of {name} of the frontend',
    hint: 'add it to the list',
  },
} as const satisfies Readonly<Record<string, Spec>>;

export type ProblemCode = keyof typeof problems;

/** A finding at a place. Data holds names, positions and classes, and never a value. */
export function found(code: ProblemCode, data: Data, place?: Place | null, level?: Level): Finding {
  const spec: Spec = problems[code];
  const hint = spec.hint === undefined ? {} : { hint: fill(spec.hint, data) };
  const where = place == null ? {} : located(place);
  return {
    code: `env/${code}`,
    level: level ?? spec.level,
    text: fill(spec.text, data),
    ...hint,
    data: { ...data, ...where },
  };
}

function located({ file, assignment }: Place): Data {
  const { line, column } = positionOf(file, assignment.valueAt.start);
  return { file: file.path, line, column, excerpt: excerptOf(assignment) };
}
