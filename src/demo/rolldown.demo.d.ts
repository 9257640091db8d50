import type { InputOptions, OutputOptions } from 'rolldown';

declare const demo: InputOptions & { output: OutputOptions };
export default demo;
