import type { Column, ForeignKey, Index, Table, Unique } from './shape.js';

/** One way in which a live table is not as it is expected to be. */
export type Difference = { readonly table: string } & (
  | { readonly kind: 'missing-table'; readonly expected: Table }
  | { readonly kind: 'renamed-table'; readonly found: string }
  | { readonly kind: 'missing-column'; readonly expected: Column }
  | { readonly kind: 'renamed-column'; readonly column: string; readonly found: string }
  | { readonly kind: 'type'; readonly column: string; readonly expected: string; readonly found: string }
  | { readonly kind: 'nullability'; readonly column: string; readonly nullable: boolean }
  | {
      readonly kind: 'default';
      readonly column: string;
      readonly expected: string | null;
      readonly found: string | null;
    }
  | { readonly kind: 'identity'; readonly column: string; readonly identity: boolean }
  | { readonly kind: 'primary-key'; readonly expected: readonly string[]; readonly found: readonly string[] }
  | { readonly kind: 'missing-unique'; readonly expected: Unique }
  | { readonly kind: 'stray-unique'; readonly found: Unique }
  | { readonly kind: 'missing-index'; readonly expected: Index; readonly invalid: string | null }
  /** `wrong`: those on the same columns that do something else; `right`: the expected one stands beside them */
  | {
      readonly kind: 'foreign-key';
      readonly expected: ForeignKey;
      readonly wrong: readonly ForeignKey[];
      readonly right: boolean;
    }
  /** a column that must be filled and that Better Auth never writes; `leftover`: 1.7.0 to 1.7.2 made it */
  | { readonly kind: 'stray-required-column'; readonly column: string; readonly leftover: boolean }
);
