import { ledger, repairHint, shape } from '../auth-schema/problems.js';
import type { AnyCheck, Impact } from '../core/check.js';
import type { Level } from '../core/finding.js';
import type { AnyRule, CauseSpec, Certainty } from '../core/rule.js';
import { problems as envProblems, questions } from '../env-file/halves/problems.js';
import { jwksProblems } from '../token/jwks-problems.js';
import { problems as tokenProblems } from '../token/problems.js';

/** One way in which something can be wrong, as it is declared. */
export interface TopicProblem {
  /** as findings have it: `token/fetch.refused` */
  readonly code: string;
  readonly level: Level | Certainty;
  /** with `{names}` where evidence will stand */
  readonly text: string;
  /** what it leads to */
  readonly means?: string;
  /** what to do, in order */
  readonly fix: readonly string[];
  /** what would prove it */
  readonly proof?: string;
}

/** What can be explained: a check, a rule of a diagnosis, or what another command looks for. */
export interface Topic {
  readonly id: string;
  readonly title: string;
  /** how it is asked: `lockstep check token/fetch` */
  readonly command: string;
  /** severity, what it does to a deployment, whose ruling it applies: label and words */
  readonly facts: readonly (readonly [label: string, words: string])[];
  readonly problems: readonly TopicProblem[];
}

const impacts: Readonly<Record<Impact, string>> = {
  offline: 'offline: sends nothing',
  reads: 'reads: sends requests, changes nothing',
  writes: 'writes: makes and removes things of the test users',
  noisy: 'noisy: reaches limits or breaks frames; runs with --allow-noisy',
};

/** Everything that lockstep can find, from the declarations themselves, in the order in which a user meets it. */
export function topicsOf(checks: readonly AnyCheck[], rules: readonly AnyRule[]): Topic[] {
  return [...envTopics(), ...schemaTopics(), ...checks.map(checkTopic), tokenTopic(), ...rules.map(ruleTopic)];
}

function checkTopic({ id, title, severity, impact, core, judges, needs, source, problems }: AnyCheck): Topic {
  const needed = Object.values((needs ?? {}) as Readonly<Record<string, AnyCheck>>).map((check) => check.id as string);
  return {
    id,
    title,
    command: `lockstep check ${id}`,
    facts: [
      ['severity', core === true ? `${severity}, core of the flow` : severity],
      ['impact', impacts[impact]],
      ...(judges === undefined || judges === 'deployment' ? [] : [['judges', judges] as const]),
      ...(needed.length === 0 ? [] : [['needs', needed.join(', ')] as const]),
      ...(source === undefined ? [] : [['source', source.join(', ')] as const]),
    ],
    problems: declared(id, problems),
  };
}

function ruleTopic({ id, title, causes }: AnyRule): Topic {
  return {
    id: `diagnose/${id}`,
    title,
    command: 'lockstep diagnose',
    facts: [],
    problems: Object.entries(causes as Readonly<Record<string, CauseSpec>>).map(
      ([name, { certainty, text, means, fix, proof }]) => ({
        code: `diagnose/${id}.${name}`,
        level: certainty,
        text,
        means,
        fix,
        ...(proof === undefined ? {} : { proof }),
      }),
    ),
  };
}

function envTopics(): Topic[] {
  return Object.values(questions).map(({ id, title, severity, codes }) => ({
    id,
    title,
    command: 'lockstep env check',
    facts: [['severity', severity]],
    problems: declared('', envProblems)
      .filter(({ code }) => code.startsWith(codes))
      .map((problem) => ({ ...problem, code: `env/${problem.code}` })),
  }));
}

function schemaTopics(): Topic[] {
  const command = 'lockstep migrate drift';
  const facts: Topic['facts'] = [];
  const shapes = Object.entries(shape).map(([kind, text]) => [
    kind,
    { level: 'fail' as const, text, hint: repairHint },
  ]);
  const failing = (words: Readonly<Record<string, { readonly text: string; readonly hint: string }>>) =>
    Object.fromEntries(Object.entries(words).map(([name, spec]) => [name, { level: 'fail' as const, ...spec }]));
  return [
    {
      id: 'schema/ledger',
      title: 'the recorded steps are those of this version',
      problems: declared('schema/ledger', failing(ledger)),
    },
    {
      id: 'schema/shape',
      title: 'the auth tables are as Better Auth needs them',
      problems: declared('schema/shape', Object.fromEntries(shapes)),
    },
    {
      id: 'schema/jwks',
      title: 'the keys of jwks open with the secret',
      problems: declared('schema/jwks', failing(jwksProblems)),
    },
  ].map((topic) => ({ ...topic, command, facts }));
}

function tokenTopic(): Topic {
  return {
    id: 'token/verify',
    title: 'the token is well formed, signed by a key that is given, and valid now',
    command: 'lockstep token verify',
    facts: [],
    problems: declared('token/verify', tokenProblems),
  };
}

type Specs = Readonly<Record<string, { readonly level: Level; readonly text: string; readonly hint?: string }>>;

function declared(id: string, specs: Specs): TopicProblem[] {
  return Object.entries(specs).map(([name, { level, text, hint }]) => ({
    code: id === '' ? name : `${id}.${name}`,
    level,
    text,
    fix: hint === undefined ? [] : [hint],
  }));
}
