import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';

const require = createRequire(import.meta.url);

/** What a reader needs to judge the absolute numbers by; nothing that names the machine. */
export function machineFacts() {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `Node.js ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${gigabytes} GB of memory`,
    ['@nestjs/core', 'ws', 'socket.io', 'pino', 'nestjs-pino']
      .map((name) => `${name} ${versionOf(name)}`)
      .join(', '),
  ];
}

function versionOf(name) {
  return require(`${name}/package.json`).version;
}
