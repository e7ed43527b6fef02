// The only actions this app may audit: with this file, every other name is a compile error.
export {};

declare module 'nestjs-log-stream' {
  interface AuditActions {
    instance_spawn: true;
    instance_terminate: true;
    message_sent: true;
    message_received: true;
    tool_use: true;
    state_change: true;
    coordination_start: true;
    coordination_complete: true;
    error: true;
    timeout: true;
  }
}
