/** Parameters that hosts add to every call. No tool knows them, so they are dropped. */
export const HOST_PARAMETERS: ReadonlySet<string> = new Set([
  // n8n's MCP client sends these four.
  'sessionId',
  'action',
  'chatInput',
  'toolCallId',
  // Gemini CLI adds this one to the schema of every tool, and sends it.
  'wait_for_previous',
]);
