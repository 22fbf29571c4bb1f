import { CONVERSATION_ID, exampleConversation } from '../fixtures/conversation.ts';
import { type HeyReachStub, type RecordedRequest, type StubAnswer, startStub } from './heyreach-stub.ts';

export interface InboxStub extends HeyReachStub {
  /** The texts that were sent. */
  sent(): string[];
  /** Sets the answer to sends. The default is an empty 200. */
  onSend(decide: (request: RecordedRequest) => StubAnswer | Promise<StubAnswer>): void;
  /** Makes the next send wait for its answer. */
  holdSend(): { arrived: Promise<void>; release(answer?: StubAnswer): void };
}

/** A HeyReach with one conversation, which never shows a sent message. The test decides about the answers to sends. */
export async function startInboxStub(): Promise<InboxStub> {
  const stub = await startStub();
  const isSend = ({ path }: RecordedRequest) => path.includes('/inbox/SendMessage');
  let decide: (request: RecordedRequest) => StubAnswer | Promise<StubAnswer> = () => ({});
  stub.answer((request) => {
    if (isSend(request)) return decide(request);
    if (!request.path.includes('/inbox/GetChatroom')) return {};
    const id = decodeURIComponent(request.path.split('/').at(-1) ?? '');
    return { body: { ...exampleConversation(), id } };
  });
  return {
    ...stub,
    sent: () => stub.requests.filter(isSend).map(({ body }) => JSON.parse(body).message),
    onSend(next) {
      decide = next;
    },
    holdSend() {
      let arrive = () => {};
      let release: (answer?: StubAnswer) => void = () => {};
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const answer = new Promise<StubAnswer>((resolve) => {
        release = (reply = {}) => resolve(reply);
      });
      decide = () => {
        decide = () => ({});
        arrive();
        return answer;
      };
      return { arrived, release };
    },
  };
}

/** The arguments of a send to that conversation, which already contains the text `SAID`. */
export const sending = (message: string) => ({ message, conversationId: CONVERSATION_ID, linkedInAccountId: 170001 });
export const SAID = 'Hi Ada';
