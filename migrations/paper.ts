import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { history } from './history.js';

/** What a Migrator that writes on paper knows, and what it has written. */
export interface Paper {
  readonly dialect: Dialect;
  /** every statement, in order, ready to be sent: nothing is a parameter */
  readonly written: readonly CompiledQuery[];
}

/**
 * A database that is not there: it answers Kysely's Migrator from a list of applied steps and writes down whatever is
 * to be executed. So the Migrator decides, orders and compiles as ever, without one round trip, and what it wrote can
 * be shown, hashed, or sent whole. Lock and transaction are the business of whoever sends it.
 */
export function paper(applied: readonly string[]): Paper {
  const written: CompiledQuery[] = [];
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (query.query.kind !== 'SelectQueryNode') {
        written.push(query);
        return { rows: [] };
      }
      // the Migrator asks twice: is the lock's row there, and which steps were applied
      const rows = query.sql.includes(history.migrationLockTableName)
        ? [{ id: 'migration_lock' }]
        : applied.map((name, i) => ({ name, timestamp: new Date(i).toISOString() }));
      return { rows: rows as R[] };
    },
    streamQuery() {
      throw new Error('nothing can be streamed from paper');
    },
  };
  const nothing = async () => {};
  return {
    written,
    dialect: {
      createAdapter: () => new UnlockedAdapter(),
      createQueryCompiler: () => new LiteralCompiler(),
      createDriver: () => ({
        init: nothing,
        acquireConnection: async () => connection,
        beginTransaction: nothing,
        commitTransaction: nothing,
        rollbackTransaction: nothing,
        releaseConnection: nothing,
        destroy: nothing,
      }),
      createIntrospector: () => ({
        getSchemas: async () => [],
        getTables: async () =>
          Object.values(history).map((name) => ({ name, schema: '', isView: false, isForeign: false, columns: [] })),
        getMetadata: async () => ({ tables: [] }),
      }),
    },
  };
}

class UnlockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Values stand in the text, quoted, since several statements go in one message. */
class LiteralCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.appendImmediateValue(value);
  }
}
