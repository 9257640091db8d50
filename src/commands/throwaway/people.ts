import login from '../../checks/session/login.js';
import secondUser from '../../checks/session/second-user.js';
import type { AnyCheck } from '../../core/check.js';
import type { PlanOptions, Step } from '../../core/plan.js';
import { barred } from '../../core/plan.js';
import type { Probe } from '../../core/probe.js';
import type { Target, User } from '../../core/target.js';
import type { World } from '../../world.js';
import { administrator } from './administrator.js';
import type { Powers } from './remove.js';
import { rowsOf } from './remove.js';
import { signUp } from './sign-up.js';
import { waysToRemove } from './ways.js';

/** The check that signs a user in: without it nobody needs that user. */
const doors: Readonly<Record<User['name'], AnyCheck>> = { a: login, b: secondUser };

/** Signs somebody in, and needs nothing else. */
export function isDoor(check: AnyCheck): boolean {
  return Object.values(doors).includes(check);
}

/**
 * Signs somebody in while a server is at the password of somebody else: the two and what this process has to load would be
 * three for the two processors that many a machine has, and all that follows waits for the first.
 */
export function comesSecond(check: AnyCheck, { steps, target }: Pick<Making, 'steps' | 'target'>): boolean {
  const first = steps.some((step) => step.check === doors.a && step.barred === null);
  return check === doors.b && first && target.users.a !== null;
}

/** What the plan becomes where users are to be made and may not be: known before anything is contacted. */
export function withConsent(
  steps: readonly Step[],
  target: Pick<Target, 'name' | 'production'> & Partial<Pick<Target, 'signUp'>>,
  options: PlanOptions,
): Step[] {
  const { signUp: asked = [], production } = target;
  const impacts = ['writes', 'noisy'] as const;
  const why = impacts.map((impact) => barred({ id: 'sign-up', impact }, target, options)).find((one) => one !== null);
  // elsewhere --sign-up is consent enough
  return why === undefined || !production
    ? [...steps]
    : barring(steps, asked, `its user would have to be signed up: ${why}`);
}

export interface Making {
  readonly steps: readonly Step[];
  readonly target: Target;
  readonly probe: Probe;
  readonly run: string;
  readonly learn: (secret: string) => void;
  readonly world: World;
}

/**
 * Makes the users that the plan needs and nobody gave, if it is proven that they can be removed again; else the checks
 * that sign them in say why there is nobody.
 */
export async function withPeople(making: Making): Promise<Pick<Making, 'steps' | 'target'>> {
  const { steps, target, probe, world } = making;
  const wanted = target.signUp.filter((name) => steps.some((step) => step.check === doors[name] && !step.barred));
  if (wanted.length === 0) return { steps, target };
  const admin = target.admin === null ? null : administrator(target.admin);
  // after everybody is removed
  if (admin !== null) probe.defer((later) => admin.leave(later));
  const ways = (await stuck(target, world)) ?? (await waysToRemove(probe, world, admin));
  if (typeof ways === 'string') return { steps: barring(steps, wanted, ways), target };
  const users = { ...target.users };
  const powers: Powers = {
    admin,
    rows: ways.rows && target.database !== null ? rowsOf(target.database, world) : null,
  };
  for (const [i, name] of wanted.entries()) {
    const user = await signUp(name, { ...making, powers, keys: ways.keys });
    if (typeof user === 'string') {
      return { steps: barring(steps, wanted.slice(i), user), target: { ...target, users } };
    }
    users[name] = user;
  }
  return { steps, target: { ...target, users } };
}

/** Whoever could not be removed in an earlier run would be joined by others. */
async function stuck({ auth }: Target, { journals }: World): Promise<string | null> {
  const kept = (await journals.all()).filter(({ live, reading }) => !live && reading?.place.auth === auth);
  const left = kept.flatMap(({ reading }) => reading?.open ?? []).filter(({ remains }) => remains !== null);
  const users = left.filter(({ made }) => made.kind === 'user').length;
  if (users === 0) return null;
  return `${users} made by earlier runs could not be removed: run \`lockstep cleanup\` first`;
}

function barring(steps: readonly Step[], names: readonly User['name'][], why: string): Step[] {
  return steps.map((step) =>
    names.some((name) => doors[name] === step.check) ? { ...step, barred: step.barred ?? why } : step,
  );
}
