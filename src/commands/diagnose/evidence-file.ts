import { resolve } from 'node:path';
import { usage } from '../../core/errors.js';
import type { Evidence } from '../../core/evidence/evidence.js';
import type { Redactor } from '../../core/redact.js';
import type { World } from '../../world.js';

/** Writes evidence where somebody may paste it from: cleaned of every secret that this run has met. */
export async function writeEvidence(
  path: string,
  evidence: Evidence,
  world: Pick<World, 'cwd' | 'workspace'>,
  redactor: Redactor,
): Promise<void> {
  const whole = resolve(world.cwd, path);
  const text = redactor.clean(`${JSON.stringify(evidence, null, 2)}\n`);
  const before = await world.workspace.look(whole, world.cwd, false);
  await world.workspace.write([{ path: whole, before, after: Buffer.from(text), secret: false }], world.cwd, false);
}

const deepest = 12;

/** Reads such a file. It came from somewhere: what is not of the right shape, or cannot be `judged`, is refused. */
export async function readEvidence(
  path: string,
  world: Pick<World, 'cwd' | 'files'>,
  judge: (evidence: Evidence) => unknown,
): Promise<Evidence> {
  const text = await world.files.read(resolve(world.cwd, path));
  if (text === null) throw usage(`--replay ${path}: there is no such file`);
  const value = parsed(text);
  const { schemaVersion, looks, holders } = (value ?? {}) as Partial<Evidence>;
  const refusal = usage(`--replay ${path}: it is no evidence of \`lockstep diagnose --record\``);
  if (schemaVersion !== 1 || !Array.isArray(looks) || !Array.isArray(holders) || depth(value) > deepest) throw refusal;
  try {
    judge(value as Evidence);
  } catch {
    // something is of another kind than rules and reports take it for
    throw refusal;
  }
  return value as Evidence;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function depth(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}
