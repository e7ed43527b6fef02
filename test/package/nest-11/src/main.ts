import { NestFactory } from '@nestjs/core';
import { setupLogStreaming } from 'nestjs-log-stream';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  setupLogStreaming(app);
  await app.listen(process.env.PORT ?? 3000);
}
bootstrap();
