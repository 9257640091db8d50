/** Every rule of `src/rules/`; made by the bundler from the folder itself. */
declare module 'virtual:rules' {
  type AnyRule = import('../core/rule.js').AnyRule;
  export const rules: readonly AnyRule[];
}
