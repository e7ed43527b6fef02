import { Global, Module } from '@nestjs/common';
import { AuditTrailFile } from './audit-trail-file.js';

/** Global, so that it ends after what writes to the file. */
@Global()
@Module({ providers: [AuditTrailFile], exports: [AuditTrailFile] })
export class AuditTrailFileModule {}
