import { type DatabaseTarget, resolveDatabase } from '../../config/database.js';
import type { ExitCode } from '../../core/exit.js';
import { Exit } from '../../core/exit.js';
import { openStyle } from '../../io/coloured.js';
import { type Look, look, proveSystem } from '../../io/db/look.js';
import { type Db, usingDb } from '../../io/db/open.js';
import { type MigrateReport, renderMigrateJson, renderMigrateText } from '../../report/migrate.js';
import type { Call } from '../command.js';
import { tellWeakTls } from '../database-tls.js';
import { inTime } from '../deadline.js';
import { pinned } from '../reach.js';
import { type Asked, type Options, read } from './options.js';

/** A database, opened and looked at once. */
export interface Session {
  readonly db: Db;
  readonly seen: Look;
  readonly asked: Asked;
  readonly target: DatabaseTarget;
}

/** What a verb says; who and where is known to the session. */
export type Said = Omit<MigrateReport, 'command' | 'place' | 'system' | 'schema' | 'production'>;

/**
 * From options to an exit code: opens the database, looks, lets the verb work, prints what it says. A verb that finds
 * the ledger changed by somebody else says null, and works again on another look.
 */
export async function inSession<O extends Options>(
  call: Call<O>,
  verb: string,
  work: (session: Session, call: Call<O>) => Promise<Said | null>,
): Promise<ExitCode> {
  const asked = read(call.options);
  const hint = 'it is done whole or not at all: lockstep migrate status';
  return inTime(call, (inside) => opened(inside, asked, verb, work), { beside: asked.waitMs, hint });
}

async function opened<O extends Options>(
  call: Call<O>,
  asked: Asked,
  verb: string,
  work: (session: Session, call: Call<O>) => Promise<Said | null>,
): Promise<ExitCode> {
  const { options, redactor } = call;
  const target = await resolveDatabase(options, call.world);
  redactor.learn(target.url.reveal());
  const world = await pinned(options, call.world, [target.url]);
  tellWeakTls(target.url, target.source, world);
  const open = { application: `lockstep migrate ${verb}`, source: target.source, waitMs: asked.waitMs, world };
  const report = await usingDb(target.url, open, async (db): Promise<MigrateReport> => {
    for (;;) {
      const seen = await look(db, asked.schema);
      proveSystem(seen, db.place, asked.system);
      const said = await work({ db, seen, asked, target }, call);
      const { schema, system } = seen;
      const about = { command: `migrate ${verb}`, place: db.place, system, schema, production: target.production };
      if (said !== null) return { ...about, ...said };
    }
  });
  const style = await openStyle(world.stdout, world.env);
  world.stdout.write(asked.json ? renderMigrateJson(report) : renderMigrateText(report, style));
  return Exit[report.outcome];
}
