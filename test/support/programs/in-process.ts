import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { describeTool } from '../../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../../src/tools/registry.ts';
import { connectStdio, type McpPeer, type ToolResult } from '../clients/clients.ts';

/**
 * Starts the program in this process, in every run, and connects a client of the 2025 SDK to it. Each result is checked
 * against the output schema of its tool.
 */
export async function connectInProcess(args: string[], env: Record<string, string>): Promise<McpPeer> {
  const peer = await connectStdio('v1', {
    args,
    env: { HEYREACH_LOG_LEVEL: 'silent', ...env },
    built: false,
  });
  return {
    ...peer,
    async callTool(name, input, options) {
      const result = await peer.callTool(name, input, options);
      expectPublishedShape(name, result);
      return result;
    },
  };
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

/** Expects that a result matches the output schema that the tool publishes, as an MCP client does. */
function expectPublishedShape(name: string, { structuredContent }: ToolResult): void {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return;
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = ajv.compile(describeTool(tool).outputSchema);
    validators.set(name, validate);
  }
  expect(validate(structuredContent), `${name}: ${ajv.errorsText(validate.errors)}`).toBe(true);
}
