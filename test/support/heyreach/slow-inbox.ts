import type { HeyReachStub, RecordedRequest, StubAnswer } from './heyreach-stub.ts';

/** A conversation that waits for an answer. */
function waiting(index: number) {
  const at = (hours: number) => new Date(Date.now() - hours * 3_600_000 - index).toISOString();
  return {
    id: `c${index}`,
    linkedInAccountId: 170001,
    lastMessageAt: at(2),
    lastMessageText: 'Please tell me more',
    lastMessageSender: 'CORRESPONDENT',
    correspondentProfile: {
      profileUrl: `https://www.linkedin.com/in/ada-${index}-example`,
      firstName: 'Ada',
      autoTags: [{ name: 'Interested', campaignId: 7 }],
    },
    messages: [
      { sender: 'ME', body: 'Hello', createdAt: at(3) },
      { sender: 'CORRESPONDENT', body: 'Please tell me more', createdAt: at(2) },
    ],
  };
}

/**
 * An inbox of one sender with one conversation per page, so that reading it takes as many requests as it has
 * conversations.
 */
export interface SlowInbox {
  /** The number of pages that were read. */
  pages(): number;
  /** Answers at once from now on, and ends after the next page. */
  finish(): void;
}

/** @param delayMs the delay before each page. */
export function serveSlowInbox(stub: HeyReachStub, { delayMs = 0, conversations = 1_000 } = {}): SlowInbox {
  let pages = 0;
  let isFinishing = false;
  stub.answer(async ({ path }: RecordedRequest): Promise<StubAnswer> => {
    if (!path.includes('GetConversationsV3')) return { body: { items: [], totalCount: 0 } };
    if (delayMs > 0 && !isFinishing) await new Promise((resolve) => setTimeout(resolve, delayMs));
    pages += 1;
    const hasNextPage = !isFinishing && pages < conversations;
    const nextCursor = hasNextPage ? `page ${pages}` : null;
    return { body: { items: [waiting(pages)], totalCount: conversations, nextCursor, hasNextPage } };
  });
  return {
    pages: () => pages,
    finish() {
      isFinishing = true;
    },
  };
}
