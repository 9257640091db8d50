/** How rows are identified: Better Auth's own texts, or `advanced.database.generateId` as `uuid` or `serial`. */
export type IdType = 'text' | 'uuid' | 'serial';

/** How identifiers are spelled: as Better Auth spells them, or mapped in its options (`user.fields`) to snake_case. */
export type Naming = 'camel' | 'snake';

/** The choices that a database was set up with. The same ones hold for every step. */
export interface Layout {
  readonly id: IdType;
  readonly naming: Naming;
}

/** Steps of tables that Better Auth wants only where an option of it says so, by that option. Append-only. */
export const optionalSteps = { rateLimit: ['0007_rateLimit'] } as const;

export type OptionalSet = keyof typeof optionalSteps;

export const idTypes = ['text', 'uuid', 'serial'] as const satisfies readonly IdType[];
export const namings = ['camel', 'snake'] as const satisfies readonly Naming[];
export const optionalSets = Object.keys(optionalSteps) as readonly OptionalSet[];

export const standardLayout: Layout = { id: 'text', naming: 'camel' };

/** Every layout, the standard one first. */
export const layouts: readonly Layout[] = namings.flatMap((naming) => idTypes.map((id) => ({ id, naming })));

/** `text/camel` */
export function layoutName({ id, naming }: Layout): string {
  return `${id}/${naming}`;
}

/** The optional set that a step belongs to; null for one that every database takes. */
export function setOf(step: string): OptionalSet | null {
  return optionalSets.find((set) => optionalSteps[set].some((name) => name === step)) ?? null;
}
