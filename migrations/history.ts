/** Where Kysely's Migrator keeps what it has done. */
export const history = {
  migrationTableName: 'lockstep_migration',
  migrationLockTableName: 'lockstep_migration_lock',
} as const;
