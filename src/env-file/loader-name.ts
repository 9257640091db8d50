export const loaderNames = [
  'next',
  'vite',
  'dotenv',
  'dotenv-expand',
  'node',
  'python-dotenv',
  'pydantic-settings',
  'starlette',
  'bash',
  'docker',
  'compose',
  'systemd',
] as const;

export type LoaderName = (typeof loaderNames)[number];
