import { rules } from 'virtual:rules';
import type { Diagnosis } from '../core/diagnosis.js';
import { diagnose, diagnosisExit } from '../core/diagnosis.js';
import type { Evidence } from '../core/evidence/evidence.js';
import type { ExitCode } from '../core/exit.js';
import type { Redactor } from '../core/redact.js';
import { openStyle } from '../io/coloured.js';
import { renderDiagnosis } from '../report/diagnosis.js';
import { renderDiagnosisJson } from '../report/diagnosis-json.js';
import type { World } from '../world.js';
import type { Call } from './command.js';
import { defineCommand } from './command.js';
import { inTime } from './deadline.js';
import { gather } from './diagnose/gather.js';
import type { Options } from './diagnose/options.js';
import { brief, declareOptions } from './diagnose/options.js';

export default defineCommand<Options>({
  brief,
  declare: declareOptions,
  async run(call): Promise<ExitCode> {
    if (call.options.watch === undefined) return inTime(call, once);
    const { watch } = await import('./diagnose/watch.js');
    return watch(call);
  },
});

async function once({ options, world, redactor }: Call<Options>): Promise<ExitCode> {
  const json = options.json === true;
  const evidence = await seen(options, world, redactor);
  const diagnosis: Diagnosis = diagnose(rules, evidence);
  world.stdout.write(
    json
      ? renderDiagnosisJson(evidence, diagnosis)
      : renderDiagnosis(evidence, diagnosis, await openStyle(world.stdout, world.env)),
  );
  return diagnosisExit(diagnosis);
}

async function seen(options: Options, world: World, redactor: Redactor): Promise<Evidence> {
  if (options.replay !== undefined) {
    const { readEvidence } = await import('./diagnose/evidence-file.js');
    return readEvidence(options.replay, world, (evidence) => renderDiagnosisJson(evidence, diagnose(rules, evidence)));
  }
  const note = (line: string) => (options.json === true ? undefined : world.stderr.write(`${line}\n`));
  const evidence = await gather(options, world, redactor, note);
  if (options.record !== undefined) {
    const { writeEvidence } = await import('./diagnose/evidence-file.js');
    await writeEvidence(options.record, evidence, world, redactor);
  }
  return evidence;
}
