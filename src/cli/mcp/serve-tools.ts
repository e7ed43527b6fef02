import { type Server } from '@modelcontextprotocol/sdk/server/index.js';
import { LogStreamError } from '../../client/index.js';
import { ArgumentError, refuseUnknownArguments } from './arguments.js';
import { UNTRUSTED, unknownTool } from './mcp.messages.js';
import { recentRecords, requestStory, waitForRecords } from './stream-tools.js';
import { type Sources, type Tool } from './tool.js';
import { auditSearch, auditVerify } from './trail-tools.js';

const TOOLS: readonly Tool[] = [recentRecords, waitForRecords, requestStory, auditSearch, auditVerify];

type Schemas = Pick<
  typeof import('@modelcontextprotocol/sdk/types.js'),
  'CallToolRequestSchema' | 'ListToolsRequestSchema'
>;

/** Answers an assistant: which tools there are, and what they find. */
export function serveTools(server: Server, schemas: Schemas, sources: Sources): void {
  server.setRequestHandler(schemas.ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, description, properties, required = [] }) => ({
      name,
      description,
      inputSchema: {
        type: 'object' as const,
        properties,
        required: [...required],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true, openWorldHint: true },
    })),
  }));
  server.setRequestHandler(schemas.CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (!tool) return failed(unknownTool(params.name));
    const args = params.arguments ?? {};
    try {
      refuseUnknownArguments(args, Object.keys(tool.properties));
      return { content: [text(UNTRUSTED), text(JSON.stringify(await tool.run(args, sources, signal)))] };
    } catch (error) {
      if (error instanceof ArgumentError || error instanceof LogStreamError) return failed(error.message);
      throw error;
    }
  });
}

function failed(message: string) {
  return { content: [text(message)], isError: true };
}

function text(value: string) {
  return { type: 'text' as const, text: value };
}
