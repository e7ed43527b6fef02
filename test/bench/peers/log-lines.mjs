import { Logger } from '@nestjs/common';

const logger = new Logger('app.server');

/** Ready texts: building one would add the same to every peer. */
const MESSAGES = Array.from(
  { length: 64 },
  (_, index) => `Instance main-orchestrator-${index} spawned successfully`,
);

let line = 0;

/** What the application does, the same in front of every peer: it logs through Nest's `Logger`. */
export function logLines(count) {
  for (let logged = 0; logged < count; logged++) {
    line += 1;
    logger.log(MESSAGES[line & 63], {
      instance_id: 'abc123',
      instance_name: 'main-orchestrator',
      memory_mb: 512 + (line & 255),
    });
  }
}
