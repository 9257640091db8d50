import type { Entry } from '../commands/command.js';

/** Every command. To add one: a file in `src/commands/`, a line here. */
export const commands: readonly Entry[] = [
  {
    name: 'check',
    summary: 'walk the auth flow against a running deployment',
    load: () => import('../commands/check.js'),
  },
  {
    name: 'init',
    summary: 'write the matching pair of env files, and lockstep.json',
    load: () => import('../commands/init.js'),
  },
  {
    name: 'secret',
    summary: 'print one fresh secret of 256 bits, nothing else',
    brief: true,
    load: () => import('../commands/secret.js'),
  },
  {
    name: 'env',
    summary: 'look after the env files of both halves',
    verbs: [
      {
        name: 'check',
        summary: 'do the two halves read the same values, as their loaders read them?',
        brief: true,
        load: () => import('../commands/env/check.js'),
      },
    ],
  },
  {
    name: 'migrate',
    summary: 'the tables of Better Auth: make, adopt, look after',
    verbs: [
      { name: 'up', summary: 'apply what is pending', brief: true, load: () => import('../commands/migrate/up.js') },
      {
        name: 'status',
        summary: 'what is applied, what is pending',
        brief: true,
        load: () => import('../commands/migrate/status.js'),
      },
      { name: 'plan', summary: 'print what `up` would send', load: () => import('../commands/migrate/plan.js') },
      { name: 'drift', summary: 'how live tables differ', load: () => import('../commands/migrate/drift.js') },
      { name: 'repair', summary: 'undo the drift', load: () => import('../commands/migrate/repair.js') },
      { name: 'down', summary: 'take steps back', load: () => import('../commands/migrate/down.js') },
    ],
  },
  {
    name: 'token',
    summary: 'fetch, mint, verify and explain tokens',
    verbs: [
      {
        name: 'fetch',
        summary: 'sign in and print a fresh token of the deployment',
        load: () => import('../commands/token/fetch.js'),
      },
      {
        name: 'mint',
        summary: 'sign a token, right or deliberately wrong',
        brief: true,
        load: () => import('../commands/token/mint.js'),
      },
      {
        name: 'verify',
        summary: 'tell everything that is wrong with a token',
        brief: true,
        load: () => import('../commands/token/verify.js'),
      },
      {
        name: 'which',
        summary: 'find the secret or key that signed a token or a cookie',
        load: () => import('../commands/token/which.js'),
      },
      {
        name: 'decode',
        summary: 'print header and claims, not verified',
        load: () => import('../commands/token/decode.js'),
      },
    ],
  },
  {
    name: 'cleanup',
    summary: 'remove what earlier runs made and could not take back',
    load: () => import('../commands/cleanup.js'),
  },
  {
    name: 'diagnose',
    summary: 'who is out of step, why, and the fix',
    brief: true,
    load: () => import('../commands/diagnose.js'),
  },
  {
    name: 'support',
    summary: 'print what others need to help: versions, settings without values, evidence',
    load: () => import('../commands/support.js'),
  },
  {
    name: 'config',
    summary: 'the settings that hold here',
    verbs: [
      {
        name: 'show',
        summary: 'each setting, and where it was written',
        load: () => import('../commands/config/show.js'),
      },
    ],
  },
  {
    name: 'explain',
    summary: 'what a finding, a check or a rule means and what to do',
    load: () => import('../commands/explain.js'),
  },
  {
    name: 'completion',
    summary: 'print what bash, zsh or fish need to complete command lines',
    load: () => import('../commands/completion.js'),
  },
  { name: 'demo', summary: 'start an embedded deployment and check it', load: () => import('../commands/demo.js') },
];
