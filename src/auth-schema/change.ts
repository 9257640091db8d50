/** One statement of a plan, ready to be sent. */
export interface Change {
  readonly sql: string;
  /** what it does, in a few words */
  readonly does: string;
  /** why it deserves a second look: it renames, rewrites, or takes values away; null where it only adds */
  readonly unsafe: string | null;
}

/** Rows that stand in the way of a change. */
export interface Obstacle {
  readonly table: string;
  /** what is wrong with them: `"token" is not unique` */
  readonly problem: string;
  /** selects their ids, as text in a column `id` */
  readonly sql: string;
}

/** What it takes to bring live tables to the expected shape. */
export interface Repair {
  readonly changes: readonly Change[];
  /** nothing may run while one of these selects a row */
  readonly obstacles: readonly Obstacle[];
  /** differences that need a person's decision: nothing may run while there is one */
  readonly impossible: readonly string[];
}
