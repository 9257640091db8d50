import type { Evidence } from './evidence/evidence.js';
import type { Side } from './evidence/side.js';
import type { Datum, Placeholders } from './finding.js';

/** How sure a rule is: the evidence leaves nothing else, it leaves little else, or it only fits. */
export const certainties = ['proven', 'likely', 'possible'] as const;
export type Certainty = (typeof certainties)[number];

/** One cause, in the words that the user will read. `{name}` stands for evidence. */
export interface CauseSpec {
  readonly certainty: Certainty;
  /** what is, present tense; the sentence of the verdict */
  readonly text: string;
  /** what that leads to */
  readonly means: string;
  /** commands that exist, SQL, or the line to change; in order */
  readonly fix: readonly string[];
  /** what would prove it, for one that is not proven */
  readonly proof?: string;
  /** it tells what is wrong and not why: any named cause goes before it */
  readonly symptom?: true;
  /** among causes of one certainty, the greater goes first: 50 unless given */
  readonly weight?: number;
}
export type CauseSpecs = Readonly<Record<string, CauseSpec>>;

/** Who is out of step. */
export type Guilty = Side | 'database' | 'edge' | 'both' | 'caller';

/** A cause as a rule finds it: its code, evidence for every name in its words, and the sentences that show it. */
export interface Match<
  C extends string = string,
  D extends Readonly<Record<string, Datum>> = Readonly<Record<string, Datum>>,
> {
  readonly cause: C;
  readonly guilty: Guilty;
  readonly data: D;
  /** what was seen, one sentence each */
  readonly because: readonly string[];
  /** where it is less sure than usual, or surer */
  readonly certainty?: Certainty;
  /** in place of the usual ones */
  readonly fix?: readonly string[];
}

type Words<S extends CauseSpec> = S['text'] | S['means'] | S['fix'][number];
type Needed<S extends CauseSpec> = Readonly<Record<Placeholders<Words<S>>, Datum>>;

/** What a rule with these causes may find: one of them with the evidence for its words, or with that for all words. */
export type Found<P extends CauseSpecs> =
  | { [C in keyof P & string]: Match<C, Needed<P[C]>> }[keyof P & string]
  | Match<keyof P & string, Needed<P[keyof P & string]>>;

/** One explanation of a disagreement: pure and synchronous over Evidence. */
export interface Rule<P extends CauseSpecs = CauseSpecs> {
  /** its file under `src/rules`; a code is `diagnose/<id>.<cause>` */
  readonly id: string;
  /** a sentence that is true when the rule matches */
  readonly title: string;
  readonly causes: P;
  match(evidence: Evidence): readonly Found<P>[];
  /** what the evidence excludes, as a sentence: `the clocks agree within 1 s`; null where it says nothing */
  excludes?(evidence: Evidence): string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: a rule of any shape; its own definition keeps the types
export type AnyRule = Rule<any>;

/** Declares a rule, so that the compiler holds its words and its evidence together. */
export function defineRule<const P extends CauseSpecs>(rule: Rule<P>): Rule<P> {
  return rule;
}
