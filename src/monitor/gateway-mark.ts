/** Marks the options of the monitor's gateway, so that an adapter of several servers knows it. */
export const MONITOR_GATEWAY: unique symbol = Symbol('nestjs-log-stream:monitor');
