/** What the monitor sends: one of these per text frame. */
export interface Frame {
  readonly type: 'system_log' | 'audit_log';
  readonly data: FrameData;
}

/** The fields that every record has, and those that this demo shows in a place of their own. */
export interface FrameData {
  readonly timestamp: string;
  readonly level: Level;
  readonly logger: string;
  readonly message: string;
  readonly module?: string;
  readonly function?: string;
  readonly line?: number;
  readonly action?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
export type Level = (typeof LEVELS)[number];
