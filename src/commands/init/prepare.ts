import { resolve } from 'node:path';
import type { Redactor } from '../../core/redact.js';
import { Secret } from '../../core/secret.js';
import { sameDatabase } from '../../setup/database-url.js';
import { detect } from '../../setup/detect.js';
import type { Draft } from '../../setup/draft.js';
import { Half } from '../../setup/half.js';
import { filesToRead, planFiles } from '../../setup/plan.js';
import type { Chosen } from '../../setup/shared-secret.js';
import { chooseSecret } from '../../setup/shared-secret.js';
import type { World } from '../../world.js';
import { settleAnswers, wishesOf } from './answers.js';
import type { Asker } from './asker.js';
import type { Checkout } from './checkout.js';
import { configText } from './config-text.js';
import { consentOf } from './consent.js';
import type { Options } from './options.js';
import { settleServices } from './services.js';
import { survey } from './survey.js';

const bytesOfSecret = 32;
/** Better Auth warns below this, and so does everybody else: 256 bits as text are longer. */
const shortest = 32;

/** Looks at the checkout, gathers the answers, and plans every file. Nothing is written. */
export async function prepare(
  options: Options,
  { root, old }: Checkout,
  asker: Asker,
  world: World,
  redactor: Redactor,
): Promise<Draft[]> {
  const config = old?.config ?? null;
  const told = config?.services?.frontend !== undefined && config.services.backend !== undefined;
  const detected = detect(told ? [] : await survey(world, root));
  const services = await settleServices(options, { root, cwd: world.cwd, detected, config }, world, asker);
  const look = async (path: string) =>
    [path, await world.workspace.look(resolve(root, path), root, options.follow === true)] as const;
  const bytes = new Map(await Promise.all(filesToRead(services).map(look)));
  const frontend = new Half(services.frontend, bytes);
  const backend = new Half(services.backend, bytes);
  for (const half of [frontend, backend]) learn(half, redactor);
  const chosen = chooseSecret(frontend, backend, await consentOf(options, frontend, backend, asker));
  const settled = await settleAnswers(options, { frontend, backend, config }, world, asker);
  const secret = chosen === 'new' ? fresh(world) : chosen.secret;
  redactor.learn(secret.reveal());
  redactor.learn(settled.database.reveal());
  redactor.learn(settled.model?.key.reveal() ?? '');
  notice(chosen, frontend, backend, world);
  const text = configText(old, services, settled, options);
  return planFiles(services, { ...settled, secret }, wishesOf(options), bytes, text);
}

function fresh(world: World): Secret {
  return new Secret(Buffer.from(world.random(bytesOfSecret)).toString('hex'));
}

function learn(half: Half, redactor: Redactor): void {
  const { secret, database } = half.service.names;
  for (const name of [secret, database]) redactor.learn(half.value(name)?.reveal() ?? '');
}

/** What init leaves as it is, though it may not be meant so. */
function notice(chosen: Chosen, frontend: Half, backend: Half, { stderr }: World): void {
  const { names } = frontend.service;
  if (chosen !== 'new' && chosen.secret.length < shortest) {
    stderr.write(`lockstep: the secret is shorter than ${shortest} characters and is kept\n`);
    stderr.write(`→ lockstep init --replace-secret --confirm ${names.secret}\n`);
  }
  const [one, other] = [frontend, backend].map((half) => half.value(half.service.names.database));
  if (one && other && !sameDatabase(one, other)) {
    stderr.write(`lockstep: the two sides name different databases, and both are kept\n→ lockstep env check\n`);
  }
}
