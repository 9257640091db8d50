/** SHA-256 in hex of what each step compiles to, by the name of the step, then of the layout; made by `migration-hashes.ts`. */
declare module 'virtual:migration-hashes' {
  export const hashes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
