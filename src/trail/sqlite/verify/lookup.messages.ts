const BY = 'The entries are what they are, but what they are found by is not.';

export const noIdOrTime = (seq: number): string =>
  `Entry ${seq} was not written by an audit trail: it has no id, or no time, as every entry has.`;

export const indexDamaged = (problem: string): string => `${BY} SQLite says: ${problem}`;

export const targetMissing = (seq: number, target: string): string =>
  `${BY} Entry ${seq} has the target ${JSON.stringify(target)}, and a query for it does not find the entry.`;

export const targetExtra = (seq: number, target: string): string =>
  `${BY} A query for the target ${JSON.stringify(target)} finds entry ${seq}, which has no such target.`;

export const blockAltered = (size: number, columns: string): string =>
  `${BY} Beside the checkpoint for ${size} ${size === 1 ? 'entry' : 'entries'} stands something else than it says, or ` +
  `than its entries do: ${columns}.`;

export const epochMissing = (epoch: string): string =>
  `${BY} Nothing says where the stream ${JSON.stringify(epoch)} begins.`;

export const epochAltered = (epoch: string, column: string): string =>
  `${BY} The stream ${JSON.stringify(epoch)} is said to be at another place than its entries: ${column}.`;

export const schemaAltered = (what: string): string =>
  `The file has tables that no trail has (${what}): what is read from it may not be what it holds. Nothing else was looked at.`;

export const triggerAltered = (what: string): string =>
  `The file does not keep its entries from being changed as a trail does: ${what}.`;

export const guardLifted = (through: number): string =>
  `The file lets entries up to ${through} be deleted, as a trail does only while it prunes.`;
