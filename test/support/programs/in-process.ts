import { expect } from 'vitest';
import { tools } from '../../../src/tools/registry.ts';
import { connectStdio, type McpPeer, type ToolResult } from '../clients/clients.ts';
import { outputValidatorOf } from '../tools/output-validator.ts';

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

/** Expects that a result matches the output schema that the tool publishes, as an MCP client does. */
function expectPublishedShape(name: string, { structuredContent }: ToolResult): void {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return;
  const validate = outputValidatorOf(tool);
  expect(validate(structuredContent), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
}
