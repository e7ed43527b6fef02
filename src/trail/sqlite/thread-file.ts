import { builtFile } from '../../built-file.js';
import { TrailError } from '../store/trail-error.js';

/** @param name as `writer.worker.js` @throws TrailError `unsupported`, where the package was bundled without its threads */
export function threadFile(name: string): URL {
  try {
    return builtFile(name);
  } catch (error) {
    throw new TrailError('unsupported', (error as Error).message);
  }
}
