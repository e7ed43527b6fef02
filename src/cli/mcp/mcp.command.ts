import { type Command, Option } from 'commander';
import { once } from 'node:events';
import { addressOf } from '../address.js';
import { CliError } from '../cli-error.js';
import { type CommandIo } from '../command-io.js';
import { EXIT_CODES } from '../exit-code.js';
import { findStream } from '../tail/find-stream.js';
import { Collector } from './collector.js';
import { INSTRUCTIONS, SDK_MISSING } from './mcp.messages.js';
import { serveTools } from './serve-tools.js';
import { TrailReader } from './trail-reader.js';

interface McpOptions {
  readonly token?: string;
  readonly trail: string;
}

interface Surroundings {
  readonly io: CommandIo;
  readonly program: Command;
}

/** `nestjs-log-stream mcp <url>` */
export function registerMcp(program: Command, io: CommandIo): void {
  program
    .command('mcp')
    .summary('let an assistant read the stream and the audit trail')
    .description(
      'Serves the Model Context Protocol on stdin and stdout: tools by which an assistant reads the records and the audit ' +
        "trail of a running application, with your credentials. Needs '@modelcontextprotocol/sdk' beside this package.",
    )
    .argument('<url>', 'of the stream or of the dashboard, as for tail', addressOf)
    .addOption(new Option('--token <token>', 'for a server with bearerToken()').env('LOG_STREAM_TOKEN'))
    .option('--trail <path>', 'path of the audit trail', '/monitor/audit')
    .action((address: string, options: McpOptions) => serve(address, options, { io, program }));
}

async function serve(
  address: string,
  { token, trail }: McpOptions,
  { io, program }: Surroundings,
): Promise<void> {
  const { Server, StdioServerTransport, ...schemas } = await loadSdk();
  const stream = await findStream(address, { token, signal: io.signal });
  const server = new Server(
    { name: 'nestjs-log-stream', version: program.version()! },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  serveTools(server, schemas, {
    stream: new Collector(stream, token),
    trail: new TrailReader(trailAt(stream, trail), token),
  });
  await server.connect(new StdioServerTransport(io.stdin, io.stdout));
  // Who has started us ends us so, or by a signal.
  await once(io.stdin, 'end', { signal: io.signal }).catch(() => {});
  await server.close();
}

function trailAt(stream: string, path: string): URL {
  const url = new URL(stream);
  url.protocol = url.protocol.replace('ws', 'http');
  url.pathname = path;
  url.search = url.hash = '';
  return url;
}

/** Only here: it is 29 MB with what it depends on, and most who use the package never need it. */
async function loadSdk() {
  try {
    const [{ Server }, { StdioServerTransport }, { CallToolRequestSchema, ListToolsRequestSchema }] =
      await Promise.all([
        import('@modelcontextprotocol/sdk/server/index.js'),
        import('@modelcontextprotocol/sdk/server/stdio.js'),
        import('@modelcontextprotocol/sdk/types.js'),
      ]);
    return { Server, StdioServerTransport, CallToolRequestSchema, ListToolsRequestSchema };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CliError(EXIT_CODES.usage, SDK_MISSING);
  }
}
