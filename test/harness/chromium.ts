import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu and Fedora put Chromium, and what the environment names. */
const EXECUTABLES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Path of a Chromium on this machine; `undefined` where there is none. */
export const chromiumPath = EXECUTABLES.find(
  (path): path is string => path !== undefined && existsSync(path),
);

/** Behind the name of a suite: why it is skipped, where it is. */
export const whyNoChromium = chromiumPath ? '' : ' (skipped: no Chromium on this machine; set CHROMIUM_PATH)';

/** A headless Chromium that asks nobody outside for anything. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
