export const filesMissing = (folder: string): string =>
  `The dashboard has no files in ${folder}: run \`npm run build\`, or set the option \`dashboard\` to false.`;

export const METHOD_NOT_ALLOWED = 'The dashboard answers GET and HEAD only.\n';

export const NO_SUCH_FILE = 'The dashboard has no such file.\n';
