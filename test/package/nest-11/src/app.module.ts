import { Module } from '@nestjs/common';
import { LogStreamModule } from 'nestjs-log-stream';
import { AppController } from './app.controller';
import { AppService } from './app.service';

@Module({
  imports: [LogStreamModule.forRoot()],
  controllers: [AppController],
  providers: [AppService],
})
export class AppModule {}
