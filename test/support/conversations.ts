import type { Sandboxed } from './sandbox-harness.ts';

/** The conversations of one sender, or of all but one, none of which says anything that a test sends. */
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
