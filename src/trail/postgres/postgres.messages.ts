import { type TrailErrorCode } from '../store/trail-error.js';
import { rolesOf } from './schema.js';

export const pgMissing = (): string =>
  'The option `trail.postgres` needs the package `pg`, which is not installed. Run `npm install pg`.';

export const closedTrail = (name: string): string => `The audit trail ${name} is closed.`;

const initCommand = (name: string, schema: string): string =>
  `\`npx nestjs-log-stream audit init '${name}${schema === 'audit' ? '' : `${name.includes('?') ? '&' : '?'}schema=${schema}`}'\``;

export const notInitialised = (name: string, schema: string): string =>
  `There is no audit trail in the schema \`${schema}\` of ${name}. Make it, as the owner of the database: ` +
  `${initCommand(name, schema)} (\`--print\` shows the SQL that it runs).`;

export const otherFormat = (name: string, schema: string, found: number, known: number): string =>
  found < known
    ? `The audit trail in ${name} has format ${found}, and this version writes ${known}. Bring it up to that: ` +
      `${initCommand(name, schema)}.`
    : `The audit trail in ${name} has format ${found}, which this version does not know. Update nestjs-log-stream.`;

const MEANINGS: Partial<Record<TrailErrorCode, (name: string, schema: string) => string>> = {
  full: () => 'its disk is full',
  busy: () => 'it has too much to do, or somebody holds a lock',
  read_only: (_, schema) =>
    `this user may not write, or the server takes no writes. Grant it the role \`${rolesOf(schema).app}\`, and ` +
    `\`${rolesOf(schema).signer}\` where it signs`,
  unsupported: () =>
    'it is written in READ COMMITTED only. Set `default_transaction_isolation` of this user to that, or begin the ' +
    'transaction so',
  key: () => 'another key has taken over. Restart with the one that signs now',
  corrupt: () => 'it is not what this process has signed. Nothing more is stored; verify it',
};

export const cannotUse = (name: string, schema: string, code: TrailErrorCode, error: unknown): string => {
  if (code === 'not_a_trail') return notInitialised(name, schema);
  const meaning =
    MEANINGS[code]?.(name, schema) ?? 'the server cannot be reached, or has ended the connection';
  return `The audit trail in ${name} cannot be used: ${meaning} (${textOf(error)}).`;
};

export const serverMustBe = (name: string, setting: string, wanted: string, found: string): string =>
  `The server of the audit trail in ${name} has ${setting} ${found}: acknowledged entries could be lost, or none be ` +
  `stored. It must be ${wanted}.`;

export const lastSignedMissing = (name: string, size: number, last: number): string =>
  `The audit trail in ${name} ends at entry ${last}, or has another checkpoint, and this process has signed ${size}: the ` +
  'server was replaced by a standby that had not received all, or by a backup. Nothing more is stored or signed here. ' +
  'Verify it against the anchors, and restart.';

export const notSigning = (): string =>
  'This process has no key, and so signs nothing: give it `trail.key`, or let `audit checkpoint --every` sign.';

export const columnsAltered = (seq: number, columns: string): string =>
  `Entry ${seq} is found by what it does not say: ${columns} beside it ${columns.includes(',') ? 'were' : 'was'} changed.`;

export const checkpointAltered = (size: number): string =>
  `What stands beside the checkpoint of ${size} entries is not what it signs.`;

export const rowUnfit = (seq: number): string => `Entry ${seq} has no id or no time as entries have them.`;

function textOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
