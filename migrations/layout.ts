import { type IdType, idsOf } from './ids.js';
import { migrations, optional, type Step } from './index.js';

/** How identifiers are spelled: as Better Auth spells them, or mapped in its options (`user.fields`) to snake_case. */
export type Naming = 'camel' | 'snake';

/** The choices that a database was set up with. The same ones hold for every step. */
export interface Layout {
  readonly id: IdType;
  readonly naming: Naming;
}

export type OptionalSet = keyof typeof optional;

export const standardLayout: Layout = { id: 'text', naming: 'camel' };

export const idTypes: readonly IdType[] = ['text', 'uuid', 'serial'];
export const namings: readonly Naming[] = ['camel', 'snake'];
export const optionalSets = Object.keys(optional) as readonly OptionalSet[];

/** Every layout, the standard one first. */
export const layouts: readonly Layout[] = namings.flatMap((naming) => idTypes.map((id) => ({ id, naming })));

/** `text/camel` */
export function layoutName({ id, naming }: Layout): string {
  return `${id}/${naming}`;
}

/** The names of the steps that a database with these optional sets takes, in their order. */
export function stepNames(sets: readonly OptionalSet[]): string[] {
  return Object.keys(stepsOf(sets));
}

/** The optional set that a step belongs to; null for one that every database takes. */
export function setOf(step: string): OptionalSet | null {
  return optionalSets.find((set) => Object.hasOwn(optional[set], step)) ?? null;
}

/** The steps as Kysely's Migrator wants them, bound to the id type of a layout. */
export function boundSteps({ id }: Layout, sets: readonly OptionalSet[]): Record<string, Step> {
  const ids = idsOf(id);
  return Object.fromEntries(
    Object.entries(stepsOf(sets)).map(([name, { up, down }]) => [name, { up: (db) => up(db, ids), down }]),
  );
}

function stepsOf(sets: readonly OptionalSet[]): Record<string, Step> {
  return Object.assign({}, migrations, ...sets.map((set) => optional[set]));
}
