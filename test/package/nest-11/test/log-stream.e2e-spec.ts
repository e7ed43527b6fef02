import { Test } from '@nestjs/testing';
import { type INestApplication } from '@nestjs/common';
import { LogStream, type LogRecord, setupLogStreaming } from 'nestjs-log-stream';
import { bearerToken } from 'nestjs-log-stream/access';
import request from 'supertest';
import { App } from 'supertest/types';
import { AppModule } from './../src/app.module';

describe('the log stream in a Nest 11 app', () => {
  let app: INestApplication<App>;

  beforeEach(async () => {
    const moduleFixture = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = moduleFixture.createNestApplication();
    setupLogStreaming(app);
    await app.init();
  });

  afterEach(() => app.close());

  it('has both kinds of record', async () => {
    const records: LogRecord[] = [];
    app.get(LogStream).records$.subscribe((record) => records.push(record));
    await request(app.getHttpServer()).get('/').expect(200);
    // The package's own line says where the dashboard is, once the server listens.
    const ofTheApp = records.filter(({ logger }) => logger !== 'LogStreamModule');
    expect(ofTheApp).toMatchObject([
      { category: 'system', level: 'WARNING', logger: 'app.service', message: 'greeting' },
      { category: 'audit', message: 'Somebody greeted', action: 'greet' },
    ]);
  });

  it('serves the dashboard', () => request(app.getHttpServer()).get('/monitor').expect(200));

  it('has the further entry points', () => expect(bearerToken).toBeInstanceOf(Function));
});
