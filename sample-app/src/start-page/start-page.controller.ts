import { Controller, Get, Header, NotFoundException, Param, StreamableFile } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { PAGE } from './page.js';
import { STYLE } from './style.js';

/** Nothing but what this app itself serves: the page shows texts that anybody may have got logged. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SCRIPTS = new Set(['agents.js', 'plain-client.js', 'start-page.js']);

/** Serves the page that a browser shows first. */
@Controller()
export class StartPageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  page(): string {
    return PAGE;
  }

  @Get('start-page/style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return STYLE;
  }

  /** @throws NotFoundException for every other name: it comes from outside and leads to a file */
  @Get('start-page/:script')
  script(@Param('script') name: string): StreamableFile {
    if (!SCRIPTS.has(name)) throw new NotFoundException();
    const file = createReadStream(new URL(`./browser/${name}`, import.meta.url));
    return new StreamableFile(file, { type: 'text/javascript; charset=utf-8' });
  }
}
