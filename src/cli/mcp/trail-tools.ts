import { integerArgument, textArgument } from './arguments.js';
import { type Tool } from './tool.js';

const LIMIT = { least: 1, most: 100, otherwise: 20 };

/** Conditions of the trail's route that are texts. */
const CONDITIONS = {
  id: 'of the audit record',
  action: 'an action, or with * at its end the beginning of one',
  actor: 'id of the actor',
  target: 'id of a target',
  outcome: 'success or failure',
  level: 'lowest level: DEBUG, INFO, WARNING, ERROR, CRITICAL',
  logger: 'name of the logger; * stands for anything',
  from: 'ISO 8601: of this time and later',
  to: 'ISO 8601: of before this time',
  text: 'text that stands somewhere in the entry, in any case',
} as const;

export const auditSearch: Tool = {
  name: 'audit_search',
  description:
    'Entries of the durable audit trail that match, newest first. Each search is itself an audit record. Without next in the answer there are no more.',
  properties: {
    ...Object.fromEntries(
      Object.entries(CONDITIONS).map(([name, description]) => [name, { type: 'string', description }]),
    ),
    limit: { type: 'integer', description: 'most entries, 1 to 100; 20 without it' },
    before: { type: 'integer', description: 'next of the answer before, to go on' },
  },
  run(args, { trail }, signal) {
    const query: Record<string, string> = {
      order: 'desc',
      limit: String(integerArgument(args, 'limit', LIMIT)),
    };
    for (const name of Object.keys(CONDITIONS)) {
      const value = textArgument(args, name);
      if (value !== undefined) query[name] = value;
    }
    if (args['before'] !== undefined) {
      const bounds = { least: 1, most: Number.MAX_SAFE_INTEGER, otherwise: 1 };
      query['before'] = String(integerArgument(args, 'before', bounds));
    }
    return trail.get('', query, signal);
  },
};

export const auditVerify: Tool = {
  name: 'audit_verify',
  description:
    'What the last verification of the audit trail found; runs one when that is older than a minute. While it runs, the answer says how far it is: ask again.',
  properties: {},
  run: (_, { trail }, signal) => trail.get('/verify', {}, signal),
};
