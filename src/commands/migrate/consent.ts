import type { DatabaseTarget } from '../../config/database.js';
import { refused } from '../../core/errors.js';
import type { Look } from '../../io/db/look.js';
import type { World } from '../../world.js';
import type { ConsentOptions } from './options.js';

/** Asks for what was not said yet; returns when there is consent, throws when there is none. */
export async function consent(
  options: ConsentOptions & { readonly json?: boolean },
  { production, target }: DatabaseTarget,
  { database }: Look,
  world: World,
): Promise<void> {
  const names = [database, ...(target === null ? [] : [target])];
  const name = target ?? database;
  const asking = options.input !== false && options.json !== true && world.prompt.interactive;
  if (options.confirm !== undefined) {
    if (names.includes(options.confirm)) return;
    throw refused(
      'wrong-name',
      `--confirm names another database than ${name}`,
      `nothing was changed; this one: --confirm ${name}`,
    );
  }
  if (production) {
    if (!asking) {
      throw refused(
        'consent',
        `${name} counts as production: changing it needs consent`,
        `--confirm ${name}; or say --no-production where it is none`,
      );
    }
    const typed = await world.prompt.text({
      question: `${name} counts as production. Type its name to go on:`,
      usual: '',
    });
    if (typed === name) return;
    throw refused('consent', 'that was not its name: nothing was changed', `--confirm ${name}`);
  }
  if (options.yes === true) return;
  if (!asking) throw refused('consent', 'changing the database needs consent', '--yes');
  if (await world.prompt.yes({ question: 'Go on?', usual: false })) return;
  throw refused('consent', 'nothing was changed', '--yes');
}
