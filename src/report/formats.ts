import type { Report } from '../core/report.js';

type Render = (report: Report) => string;

/** Every form of a report that goes into a file; the code of each is loaded when it is asked for. */
const formats = {
  junit: async () => (await import('./junit.js')).renderJUnit,
  html: async () => (await import('./html.js')).renderHtml,
  github: async () => (await import('./github.js')).renderGithub,
  json: async () => (await import('./json.js')).renderJson,
  tap: async () => (await import('./tap.js')).renderTap,
  markdown: async () => (await import('./markdown.js')).renderMarkdown,
} as const satisfies Record<string, () => Promise<Render>>;

export type Format = keyof typeof formats;

export const formatNames = Object.keys(formats) as Format[];

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

export function renderer(format: Format): Promise<Render> {
  return formats[format]();
}
