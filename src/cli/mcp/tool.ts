import { type FilterSpec } from '../../client/index.js';
import { type Collector } from './collector.js';
import { type TrailReader } from './trail-reader.js';

/** What tools read with: the rights are those of the person who started the command. */
export interface Sources {
  readonly stream: Collector;
  readonly trail: TrailReader;
}

/** One tool, as an assistant is told of it, and what it does. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of each argument. */
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  /**
   * @param signal aborted when the assistant no longer waits
   * @returns anything that JSON can hold
   */
  run(args: Readonly<Record<string, unknown>>, sources: Sources, signal: AbortSignal): Promise<object>;
}

const PATTERNS = { type: 'array', items: { type: 'string' } };

/** The arguments that choose records, as in the filters of `tail`. */
export const FILTER_PROPERTIES = {
  category: { type: 'string', enum: ['system', 'audit'], description: 'both without it' },
  level: {
    type: 'string',
    enum: ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'],
    description: 'lowest level',
  },
  logger: { ...PATTERNS, description: 'names of loggers; * stands for anything' },
  action: { ...PATTERNS, description: 'actions of audit records; * stands for anything' },
  search: { type: 'string', description: 'text that occurs anywhere in the record, in any case' },
  where: {
    type: 'object',
    description: 'values of fields, by their path: { "request_id": "…", "metadata.role": "admin" }',
  },
} as const;

/** The filter of a call; the application checks it. */
export function filterOf(args: Readonly<Record<string, unknown>>): FilterSpec {
  const given = Object.keys(FILTER_PROPERTIES).filter((name) => args[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, args[name]]));
}
