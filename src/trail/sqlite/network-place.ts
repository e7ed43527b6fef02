import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { onTheNetwork } from '../store/store.messages.js';

/** `f_type` of statfs(2) for what other machines can write to at the same time; from Linux's `linux/magic.h`. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
};

/**
 * Says at the start that a trail lies on a network file system: SQLite's log needs memory that its readers and its writer
 * share, which two machines do not, and locks there hold as well as that server keeps them.
 */
export function warnOfNetwork(file: string, typeOf = fileSystemType): void {
  const name = NETWORK_FILE_SYSTEMS[typeOf(dirname(file))];
  if (name !== undefined) process.emitWarning(onTheNetwork(file, name), 'LogStreamWarning');
}

/** Zero, of which there is none, where nobody can tell. */
function fileSystemType(directory: string): number {
  if (process.platform !== 'linux') return 0;
  try {
    // Some architectures hold it as a signed number.
    return statfsSync(directory).type >>> 0;
  } catch {
    return 0;
  }
}
