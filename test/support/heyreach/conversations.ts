import type { Sandboxed } from '../programs/sandbox-harness.ts';

/** The conversations of some senders, by default of all. None contains a text that a test sends. */
export function conversations({ sandbox }: Sandboxed, of: (accountId: number) => boolean = () => true) {
  return [...sandbox.workspace.conversations.values()].filter(
    ({ accountId, groupChat }) => of(accountId) && !groupChat,
  );
}
/** The arguments of a send to a conversation. */
export const to = ({ id, accountId }: { id: string; accountId: number }, message: string) => ({
  conversationId: id,
  linkedInAccountId: accountId,
  message,
});
