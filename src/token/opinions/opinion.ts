import type { JsonObject } from '../json.js';
import type { SignatureRuling } from '../verify.js';

/** A token as one library sees it that is called plainly: a pinned algorithm, its key, and what else was asked for. */
export interface Case {
  readonly alg: string;
  readonly claims: JsonObject;
  readonly allowed: readonly string[];
  readonly signature: SignatureRuling;
  /** the kid names none of the keys */
  readonly unknownKid: boolean;
  /** seconds since the epoch, whole as all three count */
  readonly now: number;
  readonly leeway: number;
  readonly issuer: string | undefined;
  readonly audience: readonly string[] | undefined;
}

/** One reason to refuse, in the library's own words; null where there is none. */
export type Rule = (seen: Case) => string | null;

export interface Library {
  readonly name: string;
  /** the releases that these rules were compared with, or taken from */
  readonly version: string;
  /** in the order in which the library looks */
  readonly rules: readonly Rule[];
}
