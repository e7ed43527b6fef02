import { type ToolCall } from './tool.js';

const FILES = [
  'cart',
  'checkout',
  'invoice',
  'login',
  'mailer',
  'orders',
  'payment',
  'search',
  'session',
] as const;

/** One long line, as search tools print them. */
const MATCHES = FILES.flatMap((file) =>
  [12, 47, 83, 120, 188, 240].map((line) => `src/${file}/${file}.service.ts:${line}`),
);

/** Several lines in one record, as a test runner prints them. */
const FAILED_TESTS = [
  'Test run failed: 2 of 148 tests',
  '  ✗ cart.spec.ts > keeps the discount when the last item goes',
  '      expected 19.99 to be 17.99',
  '  ✗ session.spec.ts > ends all sessions of a user',
  '      timed out after 5000 ms',
].join('\n');

/** What the agents use, the usual more than once. */
export const TOOL_CALLS: readonly ToolCall[] = [
  {
    tool: 'run_tests',
    arguments: { command: 'npm test', env: { CI: 'true' } },
    report: { level: 'debug', message: 'All tests pass', fields: { result: { passed: 148, failed: 0 } } },
  },
  {
    tool: 'run_tests',
    arguments: { command: 'npm test -- --changed', env: { CI: 'true' } },
    report: {
      level: 'warn',
      message: FAILED_TESTS,
      fields: { result: { passed: 146, failed: 2 }, exit_code: 1 },
    },
  },
  {
    tool: 'search_files',
    arguments: { pattern: 'TODO', paths: ['src/**/*.ts'], limit: 100 },
    report: { level: 'debug', message: `Found ${MATCHES.length} matches: ${MATCHES.join(', ')}` },
  },
  {
    tool: 'read_page',
    arguments: { url: 'https://docs.example.com/releases', format: 'markdown' },
    report: { level: 'debug', message: 'Page read', fields: { result: { status: 200, bytes: 48_213 } } },
  },
  {
    tool: 'read_page',
    arguments: { url: 'https://docs.example.com/pricing', format: 'markdown' },
    report: {
      level: 'warn',
      message: 'Page could not be read: too many requests',
      fields: { result: { status: 429 }, retry: { attempt: 1, of: 3, after_ms: 30_000 } },
    },
  },
  {
    tool: 'deploy',
    arguments: { target: 'staging', revision: '4f2a91c' },
    report: { level: 'debug', message: 'Deployed', fields: { result: { target: 'staging', healthy: true } } },
    roles: ['orchestrator'],
  },
];
