import { Exit } from '../core/exit.js';
import { styleFor } from '../io/style.js';
import { renderDrafts, renderDraftsJson } from '../report/drafts.js';
import { defineCommand } from './command.js';
import { apply } from './init/apply.js';
import { Asker } from './init/asker.js';
import { openCheckout } from './init/checkout.js';
import type { Options } from './init/options.js';
import { declareOptions } from './init/options.js';
import { prepare } from './init/prepare.js';
import { settleCut } from './init/settle-cut.js';

export default defineCommand<Options>({
  declare(commander) {
    declareOptions(commander);
    commander.addHelpText(
      'after',
      `
Examples:
  $ lockstep init
  $ lockstep init --yes --no-input --database-url-env DATABASE_URL --backend-secret-name JWT_SECRET
  $ lockstep init --check
  $ lockstep init --adopt frontend`,
    );
  },
  async run({ options, world, redactor }) {
    const json = options.json === true;
    const asking = options.input && !json && options.check !== true;
    const someone = asking && world.prompt.interactive ? world.prompt : null;
    const checkout = await openCheckout(world);
    await settleCut(checkout.root, options.check === true, world);
    const asker = new Asker(someone, options.yes === true || checkout.old !== null);
    const drafts = await prepare(options, checkout, asker, world, redactor);
    if (drafts.length === 0) {
      world.stdout.write(json ? renderDraftsJson([], 'ok', []) : 'in step, nothing to do\n');
      return Exit.ok;
    }
    if (!json) world.stdout.write(renderDrafts(drafts, styleFor(world.stdout, world.env)));
    if (options.check === true) {
      if (json) world.stdout.write(renderDraftsJson(drafts, 'pending', []));
      return Exit.pending;
    }
    const backups = await apply(drafts, checkout.root, options, someone, world);
    if (json) world.stdout.write(renderDraftsJson(drafts, 'ok', backups));
    return Exit.ok;
  },
});
