import type { core } from 'zod/mini';
import { schema } from './schema.js';

/** The keys that the schema knows in the object at `path`; none where it leaves them to the user. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let type: core.$ZodType | undefined = schema;
  for (const step of path) type = type === undefined ? undefined : below(type, step);
  return Object.keys(shape(type));
}

/** Every key that the schema knows anywhere: words of ours, which cannot be a secret. */
export const vocabulary: ReadonlySet<string> = words(schema);

function words(type: core.$ZodType | undefined): Set<string> {
  const found = new Set<string>();
  for (const [key, member] of Object.entries(shape(type))) {
    found.add(key);
    for (const word of words(member)) found.add(word);
  }
  const rest = type === undefined ? undefined : below(type, undefined);
  if (rest !== undefined) for (const word of words(rest)) found.add(word);
  return found;
}

/** What stands below a step of a path; with no step, what an array or a record holds. */
function below(type: core.$ZodType, step: PropertyKey | undefined): core.$ZodType | undefined {
  const { def } = bare(type)._zod;
  switch (def.type) {
    case 'array':
      return (def as core.$ZodArrayDef).element;
    case 'record':
      return (def as core.$ZodRecordDef).valueType as core.$ZodType;
    default:
      return typeof step === 'string' ? shape(type)[step] : undefined;
  }
}

function shape(type: core.$ZodType | undefined): Readonly<Record<string, core.$ZodType>> {
  const def = type === undefined ? undefined : bare(type)._zod.def;
  return def?.type === 'object' ? (def as core.$ZodObjectDef).shape : {};
}

function bare(type: core.$ZodType): core.$ZodType {
  const { def } = type._zod;
  return def.type === 'optional' ? bare((def as core.$ZodOptionalDef).innerType) : type;
}
