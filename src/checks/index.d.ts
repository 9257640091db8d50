/** Every check under `src/checks/<group>/`, in the order of the groups; made by the bundler from the folder itself. */
declare module 'virtual:checks' {
  type AnyCheck = import('../core/check.js').AnyCheck;
  export const checks: readonly AnyCheck[];
}
