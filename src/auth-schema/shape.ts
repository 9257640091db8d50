/** A column as the catalogue of PostgreSQL shows it. */
export interface Column {
  readonly name: string;
  /** as `format_type` spells it: `timestamp with time zone` */
  readonly type: string;
  readonly nullable: boolean;
  /** as `pg_get_expr` spells it; null where there is none */
  readonly default: string | null;
  /** PostgreSQL counts it up by itself */
  readonly identity: boolean;
}

export interface Unique {
  readonly name: string;
  readonly columns: readonly string[];
  /** a constraint, not a bare unique index */
  readonly constraint: boolean;
}

export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  /** false after a CREATE INDEX CONCURRENTLY that failed: it costs writes and serves no read */
  readonly valid: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** the table it leads to, with its schema where that is another one */
  readonly table: string;
  readonly references: readonly string[];
  /** `CASCADE`, `NO ACTION`, ... */
  readonly onDelete: string;
  /** false for one that was added NOT VALID: old rows may break it */
  readonly valid: boolean;
}

/** One table, expected or live: drift is the difference of two of these. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly uniques: readonly Unique[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
}
