import { Injectable, Logger } from '@nestjs/common';
import { AuditLogger } from 'nestjs-log-stream';

@Injectable()
export class AppService {
  private readonly logger = new Logger('app.service');

  constructor(private readonly audit: AuditLogger) {}

  getHello(): string {
    this.logger.warn('greeting');
    void this.audit.log('Somebody greeted', { action: 'greet' });
    return 'Hello World!';
  }
}
