import path from 'node:path';
import type { Command as Commander } from 'commander';
import { usage } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { Redactor } from '../core/redact.js';
import type { Report, Result } from '../core/report.js';
import type { Noted } from '../core/reproduce.js';
import { tame } from '../core/visible.js';
import type { Recorded } from '../io/recorded.js';
import { styleFor } from '../io/style.js';
import { renderEnd, renderExchange, renderResultEvent, renderStart } from '../report/events.js';
import type { Format } from '../report/formats.js';
import { formatNames, isFormat, renderer } from '../report/formats.js';
import { renderText } from '../report/text.js';
import type { Output, World } from '../world.js';
import { collect } from './token/options.js';

/** What a run tells, and where. */
export interface ReportOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly report?: readonly string[];
  readonly trace?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function declareReports(commander: Commander): void {
  commander
    .option('--json', 'one JSON object on stdout')
    .option('--ndjson', 'one line of JSON on stdout for each event, while it runs')
    .option('--report <format=file>', `${formatNames.join(', ')}; - for stdout; may be repeated`, collect)
    .option('--trace <file>', 'what went over the wire as HAR, without secrets')
    .option('-q, --quiet', 'only what is wrong, and the sum')
    .option('-v, --verbose', 'each exchange on stderr');
}

/** What listens to a run, and what is told at its end. */
export interface Reporting {
  /** nothing but the product: no progress */
  readonly quiet: boolean;
  /** the world in which a run is recorded, where that is wanted */
  heard(world: World): World;
  readonly onStart: (check: string, at: number) => void;
  readonly onResult: (result: Result) => void;
  readonly onExchange: (check: string, exchange: Noted) => void;
  deliver(report: Report): Promise<void>;
  /** however the run ends */
  close(): Promise<void>;
}

/** Opens all that a run is to write before it contacts anybody; every mistake in the options at once. */
export async function openReporting(options: ReportOptions, world: World, redactor: Redactor): Promise<Reporting> {
  const wanted = wantedReports(options);
  const outputs: { format: Format; output: Output }[] = [];
  for (const { format, file } of wanted) {
    if (file !== '-') outputs.push({ format, output: await world.outputs.open(path.resolve(world.cwd, file)) });
  }
  const onActions = world.env.GITHUB_ACTIONS === 'true';
  const tracing = options.trace === undefined ? null : await openTrace(options.trace, world, redactor);
  const { stdout, stderr } = world;
  return {
    quiet: options.quiet === true || options.json === true || options.ndjson === true,
    heard: (from) => tracing?.heard(from) ?? from,
    onStart: (check, at) => void (options.ndjson === true && stdout.write(renderStart(check, at))),
    onResult: (result) => void (options.ndjson === true && stdout.write(renderResultEvent(redactor.cleanAll(result)))),
    onExchange: (check, exchange) => void (options.verbose === true && stderr.write(renderExchange(check, exchange))),
    async deliver(told) {
      // what is escaped first is not found any more
      const report = redactor.cleanAll(told);
      const onStdout = wanted.find(({ file }) => file === '-');
      if (options.json === true) stdout.write((await renderer('json'))(report));
      else if (options.ndjson === true) stdout.write(renderEnd(report));
      else if (onStdout !== undefined) stdout.write((await renderer(onStdout.format))(report));
      else stdout.write(renderText(report, styleFor(stdout, world.env), options.quiet === true));
      for (const { format, output } of outputs) {
        await output.write(tame(redactor.clean((await renderer(format))(report)), format === 'json'));
      }
      if (!onActions) return;
      stderr.write((await renderer('github'))(report));
      const summary = world.env.GITHUB_STEP_SUMMARY;
      if (summary) await append(summary, tame(redactor.clean((await renderer('markdown'))(report)), false), world);
    },
    async close() {
      await tracing?.close();
      for (const { output } of outputs) await output.close();
    },
  };
}

async function openTrace(file: string, world: World, redactor: Redactor) {
  const { recorded } = await import('../io/recorded.js');
  const { renderHar } = await import('../report/har.js');
  const output = await world.outputs.open(path.resolve(world.cwd, file));
  const entries: Recorded[] = [];
  return {
    heard: (from: World) => recorded(from, entries),
    async close() {
      await output.write(tame(redactor.clean(renderHar(entries, (text) => redactor.clean(text))), true));
      await output.close();
    },
  };
}

async function append(file: string, text: string, world: World): Promise<void> {
  const output = await world.outputs.open(file, 'append');
  try {
    await output.write(text);
  } finally {
    await output.close();
  }
}

function wantedReports({ report = [], json, ndjson }: ReportOptions): { format: Format; file: string }[] {
  const mistakes: string[] = [];
  const wanted = report.flatMap((text) => {
    const at = text.indexOf('=');
    const [format, file] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    if (!isFormat(format)) {
      const near = nearest(format, formatNames);
      mistakes.push(
        `--report ${text}: the formats are ${formatNames.join(', ')}${near === null ? '' : ` (did you mean ${near}?)`}`,
      );
      return [];
    }
    if (file === '') mistakes.push(`--report ${text}: it names no file: ${format}=FILE, or ${format}=- for stdout`);
    return [{ format, file }];
  });
  const products = [
    ...(json === true ? ['--json'] : []),
    ...(ndjson === true ? ['--ndjson'] : []),
    ...wanted.filter(({ file }) => file === '-').map(({ format }) => `--report ${format}=-`),
  ];
  if (products.length > 1) mistakes.push(`${products.join(' and ')} both want stdout`);
  const files = wanted.map(({ file }) => file).filter((file) => file !== '-');
  for (const file of new Set(files.filter((one, i) => files.indexOf(one) !== i)))
    mistakes.push(`--report: ${file} is named twice`);
  if (mistakes.length > 0) throw usage(mistakes.join('\n'), 'lockstep check --help');
  return wanted;
}
