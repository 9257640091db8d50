import type { Plan } from '../auth-schema/plan.js';
import type { Outcome } from '../core/exit.js';
import type { Finding } from '../core/finding.js';
import { printable } from '../core/finding.js';
import type { Style } from '../core/style.js';

/** One step and how it stands. */
export interface StepLine {
  readonly step: string;
  readonly state: 'applied' | 'adopted' | 'pending' | 'edited' | 'unknown' | 'done' | 'undone';
  /** when it was applied, ISO 8601 */
  readonly at: string | null;
}

/** One question about the tables, and what was found. */
export interface SchemaResult {
  readonly check: string;
  readonly title: string;
  readonly verdict: 'pass' | 'fail' | 'skip';
  readonly findings: readonly Finding[];
  readonly because?: string;
}

/** What a verb of `migrate` learned and did. */
export interface MigrateReport {
  /** `migrate up` */
  readonly command: string;
  readonly outcome: Outcome;
  /** the database in words, without secrets */
  readonly place: string;
  /** which PostgreSQL it is, whatever listens at its port later; null where it does not tell */
  readonly system: string | null;
  readonly schema: string;
  readonly production: boolean;
  /** what it came to, in one line */
  readonly summary: string;
  readonly hint?: string;
  readonly steps?: readonly StepLine[];
  readonly tables?: { readonly auth: readonly string[]; readonly others: readonly string[] };
  readonly plan?: Plan;
  readonly results?: readonly SchemaResult[];
}

/** One JSON object, `schemaVersion` 1: fields are only ever added. */
export function renderMigrateJson(report: MigrateReport): string {
  const { command, outcome, place, system, schema, production, summary, hint, steps, tables, plan, results } = report;
  const body = {
    schemaVersion: 1,
    command,
    outcome,
    database: { place, system, schema, production },
    summary,
    ...(hint === undefined ? {} : { hint }),
    ...(steps === undefined ? {} : { steps }),
    ...(tables === undefined ? {} : { tables }),
    ...(plan === undefined ? {} : { plan: planData(plan) }),
    results: results ?? [],
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}

function planData({ layout, sets, adopts, changes, blocked, impossible, timezone }: Plan) {
  return { layout, sets, adopts, timezone, changes, blocked, impossible };
}

/** The same for a person. */
export function renderMigrateText(report: MigrateReport, style: Style): string {
  const { outcome, place, system, schema, production, steps = [], tables, plan, results = [], summary, hint } = report;
  const paint = { ok: style.good, problems: style.bad }[outcome as 'ok' | 'problems'] ?? style.doubtful;
  const width = Math.max(0, ...steps.map(({ step }) => step.length));
  const lines = [
    `${style.strong(`lockstep ${report.command}`)}  ${printable(place)}, schema ${printable(schema)}${system === null ? '' : style.quiet(`, system ${system}`)}${production ? style.doubtful('  production') : ''}`,
    ...steps.map(({ step, state, at }) =>
      `  ${mark(state, style)}  ${printable(step).padEnd(width)}  ${style.quiet(at ?? '')}`.trimEnd(),
    ),
    ...(tables === undefined ? [] : tableLines(tables)),
    // what was done has been told before it was done
    ...(plan === undefined || outcome === 'ok' ? [] : renderPlan(plan, style)),
    ...results.flatMap((result) => resultLines(result, style)),
    `${paint(style.strong(summary))}`,
    ...(hint === undefined ? [] : [`${style.quiet('→')} ${hint}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function mark(state: StepLine['state'], style: Style): string {
  const paint =
    state === 'edited' || state === 'unknown' ? style.bad : state === 'pending' ? style.doubtful : style.good;
  return paint(state.padEnd(7));
}

function tableLines({ auth, others }: { readonly auth: readonly string[]; readonly others: readonly string[] }) {
  const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.map(printable).join(', '));
  return [`  auth tables   ${listed(auth)}`, `  other tables  ${listed(others)}`];
}

/** The statements, with what deserves a second look, and whatever stands in the way. Statements can be run as they are. */
export function renderPlan({ changes, blocked, impossible, timezone, adopts }: Plan, style: Style): string[] {
  return [
    ...(adopts ? [style.doubtful('  -- tables that are there are brought to shape; no row is lost')] : []),
    ...(timezone === null
      ? []
      : [
          style.doubtful(
            `  -- times without a time zone are read as ${printable(timezone.name)}${timezone.assumed ? ', which nobody said: --timezone NAME' : ''}`,
          ),
        ]),
    ...changes.flatMap(({ sql, unsafe }) => [
      ...(unsafe === null ? [] : [`  ${style.doubtful(`-- UNSAFE: ${printable(unsafe)}`)}`]),
      `  ${sql};`,
    ]),
    ...blocked.flatMap(({ table, problem, count, ids }) => [
      `  ${style.bad(`✗ ${count} ${count === 1 ? 'row' : 'rows'} of ${table}: ${printable(problem)}`)}`,
      ...(ids.length === 0 ? [] : [`      id ${ids.map(printable).join(', ')}${ids.length < count ? ', …' : ''}`]),
    ]),
    ...impossible.map((why) => `  ${style.bad(`✗ ${printable(why)}`)}`),
  ];
}

function resultLines({ verdict, title, findings, because }: SchemaResult, style: Style): string[] {
  const paint = { pass: style.good, fail: style.bad, skip: style.quiet }[verdict];
  const sign = { pass: '✓ pass', fail: '✗ FAIL', skip: '- skip' }[verdict];
  return [
    `  ${paint(sign)}  ${title}${because === undefined ? '' : style.quiet(` (${because})`)}`,
    ...findings.map(({ text, code }) => `          ${style.bad(text)}  ${style.quiet(code)}`),
  ];
}
