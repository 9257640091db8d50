/** What a number at the end of the process means. An interface: numbers are never reused. */
export const Exit = {
  /** everything that was asked for holds */
  ok: 0,
  /** it was asked, and something is wrong */
  problems: 1,
  /** usage or configuration */
  usage: 2,
  /** could not finish, or nothing was asked */
  unfinished: 3,
  /** changes are pending */
  pending: 4,
  /** consent is needed and was not given, or the change is unsafe */
  refused: 5,
  /** a bug in lockstep */
  bug: 70,
  /** SIGHUP, after cleaning up */
  hungUp: 129,
  /** SIGINT, after cleaning up */
  interrupted: 130,
  /** SIGTERM, after cleaning up */
  terminated: 143,
} as const;

export type ExitCode = (typeof Exit)[keyof typeof Exit];

/** The word for an exit code in JSON reports (`outcome`). */
export type Outcome = keyof typeof Exit;
