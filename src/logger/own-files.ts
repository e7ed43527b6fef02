import { fileURLToPath, pathToFileURL } from 'node:url';
import { captureFrames, type Entrance } from './stack.js';

/** The folder of this file as a source, and of the one that the build makes of it and others. */
const FOLDER = /^.*[\\/](?:src[\\/](?=logger[\\/][\w-]+\.ts$)|dist[\\/](?=shared\.nest\.c?js$))/;

/**
 * Tells this package's own files on a stack. Not by `import.meta.url`: in a bundle that is nothing, or the place where
 * this file was when the bundle was made.
 */
export class OwnFiles {
  /** As path and as URL: which one stands on a stack depends on how a file was loaded. */
  private readonly folders: readonly string[];

  /** @param file of this package, as it stands on a stack */
  constructor(file = ownFile()) {
    const folder = FOLDER.exec(file)?.[0];
    this.folders = folder === undefined ? [] : [folder, otherForm(folder)];
  }

  /** Whether a bundler has put this package into a file of the application: its name then tells nothing. */
  get bundled(): boolean {
    return this.folders.length === 0;
  }

  has(file: string): boolean {
    return this.folders.some((folder) => file.startsWith(folder));
  }
}

function ownFile(): string {
  const [frame] = captureFrames(captureFrames as Entrance, 1);
  return frame?.getFileName() ?? '';
}

function otherForm(folder: string): string {
  return folder.startsWith('file:') ? fileURLToPath(folder) : pathToFileURL(folder).href;
}
