import { callsOf } from './calls.js';
import type { Field } from './module.js';

/** What pydantic-settings puts before the name of each field. */
export function prefixOf(fields: readonly Field[]): string {
  const config = fields.find(({ name }) => name === 'model_config')?.value ?? [];
  const argument = callsOf(config)[0]?.args.find(({ keyword }) => keyword === 'env_prefix')?.value[0];
  return argument?.kind === 'text' ? argument.text : '';
}
