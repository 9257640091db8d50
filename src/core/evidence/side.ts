/** The two halves of an application: who issues tokens, and who trusts them. */
export type Side = 'frontend' | 'backend';
