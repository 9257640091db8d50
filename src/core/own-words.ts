/** Of eight characters and more: shorter ones are never learnt. */
const words = new Set(
  [
    // fields of the JSON that commands print, and what stands in them
    'schemaVersion certainty diagnosis evidence expected findings holders inconclusive leftovers observations outcome',
    'problems processes reproduce severity services critical unfinished verdicts variables',
    // what findings speak of
    'accounts anonymous authorization backends better-auth configuration credential database databases deployment',
    'development frontend localhost lockstep lockstep.json passwords password postgres postgresql production session_token',
    'sessions shared-secret username verification BETTER_AUTH_SECRET BETTER_AUTH_SECRETS BETTER_AUTH_URL DATABASE_URL',
    'LOCKSTEP_A_PASSWORD LOCKSTEP_B_PASSWORD LOCKSTEP_COOKIE LOCKSTEP_PASSWORD LOCKSTEP_TOKEN',
  ].flatMap((line) => line.split(' ')),
);
/** ids of checks and codes of findings */
const id =
  /^(config|env|isolation|migrate|refresh|secret|session|token|transport|ws)(\/[a-z\d]+(-[a-z\d]+)*)(\.[a-z\d]+(-[a-z\d]+)*)?$/;

/**
 * A word that stands in reports of any deployment. Who has it for a password is not helped by taking it out of them: it
 * would tell what the password is, by the gaps, and spoil JSON for those who read it.
 */
export function isOwnWord(text: string): boolean {
  return words.has(text) || id.test(text);
}
