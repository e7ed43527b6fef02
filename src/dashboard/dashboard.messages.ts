export const notShown = (error: unknown): string =>
  `The dashboard cannot be shown: ${error instanceof Error ? error.message : String(error)} Without it: set the option \`dashboard\` to false.`;

export const METHOD_NOT_ALLOWED = 'The dashboard answers GET and HEAD only.\n';

export const NO_SUCH_FILE = 'The dashboard has no such file.\n';
