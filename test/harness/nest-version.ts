import { ConsoleLogger } from '@nestjs/common';

/** Whether the tests run on Nest 12, not on the Nest 11 of `test/nest-11`. What only one of the two does is tested there. */
export const onNest12 = 'extractJsonError' in ConsoleLogger.prototype;
