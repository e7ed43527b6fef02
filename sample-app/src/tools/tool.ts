import { type Instance } from '../instances/instance.js';

/** Something that an agent does besides thinking. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What it says when it is done. */
  readonly report: ToolReport;
  /** Roles that may use it; everybody, without. */
  readonly roles?: readonly Instance['role'][];
}

export interface ToolReport {
  readonly level: 'debug' | 'warn';
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}
