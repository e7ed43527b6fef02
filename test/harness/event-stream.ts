/** What one block of an event stream says: an event, or, without `type`, only what its other fields do. */
export interface StreamBlock {
  readonly type?: string;
  readonly data?: string;
  readonly id?: string;
  readonly retry?: number;
  readonly comment?: string;
}

const FIELDS = new Set(['event', 'data', 'id', 'retry']);

/**
 * Reads Server-Sent Events (HTML standard, section 9.2.6), and takes only what docs/protocol.md promises: LF, no field
 * twice, no unknown field, no event without name or data.
 */
export class EventStream {
  private rest = '';

  push(text: string): StreamBlock[] {
    if (/[\r\uFEFF]/.test(text)) throw new Error('only LF ends lines, and there is no BOM');
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop()!;
    return blocks.map(blockOf);
  }
}

function blockOf(block: string): StreamBlock {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^([a-z]*): (.+)$/s.exec(line) ?? [];
    if (name === undefined || !(name === '' || FIELDS.has(name))) throw new Error(`no field: ${line}`);
    if (name in fields) throw new Error(`twice in one event: ${line}`);
    fields[name] = value!;
  }
  const { event, data, id, retry, '': comment } = fields;
  if ((event === undefined) !== (data === undefined)) throw new Error(`half an event: ${block}`);
  if (retry !== undefined && !/^\d+$/.test(retry)) throw new Error(`no time: ${block}`);
  return {
    ...(event === undefined ? {} : { type: event, data: data! }),
    ...(id === undefined ? {} : { id }),
    ...(retry === undefined ? {} : { retry: Number(retry) }),
    ...(comment === undefined ? {} : { comment }),
  };
}
