import * as z from 'zod/mini';
import { schema } from './schema.js';

/**
 * The JSON Schema (draft-07, which editors know best) of lockstep.json, as the text of `schema.json`.
 * A module of its own: only the build needs it, and it would double what is loaded to read a file.
 */
export function schemaJson(): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  const head = { $schema, title: 'lockstep.json', description: 'Where an application is, and how to look at it.' };
  // the last two are for VS Code, and unknown keywords to everybody else
  return `${JSON.stringify({ ...head, ...rest, allowComments: true, allowTrailingCommas: true }, null, 2)}\n`;
}
