/** Whether this Node has the built-in SQLite: 22.13 and later. */
export const withSqlite = process.getBuiltinModule?.('node:sqlite') !== undefined;
