import { exitRows } from './exit-codes.js';
import type { Topic, TopicProblem } from './topics.js';

/** A page of docs/ that `npm run docs` writes from the declarations. */
const written = '<!-- Written by `npm run docs` from the declarations: change those. -->';

/** docs/checks.md: every topic that is no rule. */
export function checksPage(topics: readonly Topic[]): string {
  const asked = topics.filter(({ id }) => !id.startsWith('diagnose/'));
  return page(
    'Checks',
    `What lockstep looks at, and everything that it can find there. \`lockstep explain CODE\` shows the same in a terminal.
Words in braces stand for what a run saw.`,
    [...asked.map(({ id, title }) => `- [\`${id}\`](#${anchor(id)}): ${cell(title)}`), '', ...asked.map(section)],
  );
}

/** docs/diagnosis.md: every rule, with its causes, the surest first. */
export function diagnosisPage(topics: readonly Topic[]): string {
  const rules = topics.filter(({ id }) => id.startsWith('diagnose/'));
  return page(
    'Diagnosis',
    `The causes that \`lockstep diagnose\` can name, each with what it leads to and what to do. It is proven where the evidence
leaves nothing else, likely where it leaves little else, possible where it only fits.`,
    rules.map(section),
  );
}

/** docs/exit-codes.md */
export function exitCodesPage(): string {
  const rows = exitRows().map(
    ({ number, name, means, next }) => `| ${number} | \`${name}\` | ${cell(means)} | ${cell(next)} |`,
  );
  return page(
    'Exit codes',
    `The number at the end of every command; \`--json\` has its name as \`outcome\`. No run ends with 0 because nobody answered,
nothing was found or nothing was asked. Numbers are never reused.`,
    ['| exit | `outcome` | means | next |', '|--|--|--|--|', ...rows],
  );
}

interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** A flag and a variable that can give a setting, by its path in a target. */
export type Ways = Readonly<Record<string, { readonly flag: string | null; readonly variable: string }>>;

/** docs/config.md, from the JSON Schema of lockstep.json. */
export function configPage(schema: unknown, ways: Ways): string {
  const rows = settings(schema as Schema, []).map(({ path, schema: { description = '', ...rest }, required }) => {
    const inTarget = path.startsWith('targets.NAME.') ? ways[path.slice('targets.NAME.'.length)] : undefined;
    const { flag = null, variable = null } = inTarget ?? {};
    const also = [flag, variable].filter((way) => way !== null).map((way) => `\`${way}\``);
    return `| \`${path}\` | ${cell(kindOf(rest))}${required ? ', required' : ''} | ${cell(description)} | ${also.join(' ')} |`;
  });
  const apart = Object.entries(ways).filter(([name]) => ['target', 'config'].includes(name));
  return page(
    'Configuration',
    `Every setting of \`lockstep.json\`: JSON with comments, found upward from the current folder to the root of the repository.
Flags go before \`LOCKSTEP_*\` variables, those before the file, the file before defaults; everything can be left out.
\`lockstep config show --origin\` tells what holds here and where it was written. Secrets are never written into the file: it names
variables, as \`env:NAME\`.`,
    [
      '| setting | kind | what it says | also |',
      '|--|--|--|--|',
      ...rows,
      '',
      ...apart.map(([name, { flag, variable }]) => `- which ${name}: \`${flag}\`, \`${variable}\``),
    ],
  );
}

interface Described {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** Leaves and what holds them, depth first; a part of a list is \`[]\`, a name that the user chooses is NAME. */
function settings(schema: Schema, path: readonly string[]): Described[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const own = [...path, name];
    const required = schema.required?.includes(name) === true;
    const within = [
      ...settings(child, own),
      ...(typeof child.additionalProperties === 'object' ? settings(child.additionalProperties, [...own, 'NAME']) : []),
      ...(child.items === undefined ? [] : settings(child.items, [...path, `${name}[]`])),
    ];
    const told = child.description !== undefined || within.length === 0;
    return [...(told ? [{ path: own.join('.'), schema: child, required }] : []), ...within];
  });
}

function kindOf({ type, enum: values, const: only, items }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ');
  if (only !== undefined) return `\`${only}\``;
  if (type === 'array') return `list of ${items === undefined || items.type === undefined ? 'anything' : items.type}s`;
  return type ?? 'anything';
}

function page(title: string, lead: string, lines: readonly string[]): string {
  return `${written}\n\n# ${title}\n\n${lead}\n\n${lines.join('\n').trimEnd()}\n`;
}

function section({ id, title, command, facts, problems }: Topic): string {
  const about = [...facts, ['asked by', `\`${command}\``] as const].map(
    ([name, words]) => `- ${name}: ${prose(words)}`,
  );
  return `## ${id}\n\n${sentence(title)}\n\n${about.join('\n')}\n\n${problems.map(problemItem).join('\n')}\n`;
}

function problemItem({ code, level, text, means, fix, proof }: TopicProblem): string {
  const lines = [
    `- **\`${code}\`** (${level}): ${prose(text)}`,
    ...(means === undefined ? [] : [`  - so ${prose(means)}`]),
    ...fix.map((step) => `  - → ${prose(step)}`),
    ...(proof === undefined ? [] : [`  - proof: ${prose(proof)}`]),
  ];
  return lines.join('\n');
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${prose(text.slice(1))}.`;
/** nothing in it is taken for markup, but what stands in backticks */
const prose = (text: string) =>
  text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[\\<>*_[\\]`]/g, (sign) => `\\${sign}`)))
    .join('');
const cell = (text: string) => text.replaceAll('|', '\\|');
const anchor = (id: string) => id.replaceAll('/', '');
