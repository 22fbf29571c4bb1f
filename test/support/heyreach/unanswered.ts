import type { Sandbox } from '../../../src/sandbox/index.ts';
import type { ToolResult } from '../clients/clients.ts';
import { rowsOf } from '../tools/tables.ts';

/** The conversations of the sandbox that end with a message of the person, the longest waiting first. */
export function waitingIn(sandbox: Sandbox, days = 365) {
  return [...sandbox.workspace.conversations.values()]
    .filter(({ messages }) => messages.at(-1)?.sender === 'CORRESPONDENT')
    .filter(({ messages }) => new Date(messages.at(-1)!.createdAt).toISOString().slice(0, 10) >= dayAgo(days))
    .map((conversation) => {
      const index = conversation.messages.findLastIndex(({ sender }) => sender === 'ME');
      return {
        ...conversation,
        since: conversation.messages[index + 1]!.createdAt,
        inbound: conversation.messages.length - 1 - index,
      };
    })
    .sort((a, b) => a.since - b.since);
}

/** Neither blocked nor a group. */
export const isShown = (conversation: { groupChat: boolean; blockedByMe: boolean; blockedByParticipant: boolean }) =>
  !conversation.groupChat && !conversation.blockedByMe && !conversation.blockedByParticipant;

/** A call of list_unanswered. */
export type Call = (args: Record<string, unknown>) => Promise<ToolResult>;

/** Follows the cursors of list_unanswered to the end. */
export async function readAll(
  call: Call,
  args: Record<string, unknown>,
): Promise<{ pages: ToolResult[]; ids: unknown[] }> {
  const pages: ToolResult[] = [];
  let cursor: unknown;
  do {
    pages.push(await call({ ...args, ...(cursor === undefined ? {} : { cursor }) }));
    cursor = pages.at(-1)!.structuredContent?.nextCursor;
  } while (cursor !== undefined && pages.length < 60);
  return { pages, ids: pages.flatMap((page) => rowsOf(page).map(({ conversationId }) => conversationId)) };
}

function dayAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
