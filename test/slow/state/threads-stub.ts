import { exampleConversation, exampleMessage } from '../../support/fixtures/conversation.ts';
import { type RecordedRequest, type StubAnswer, startStub } from '../../support/heyreach/heyreach-stub.ts';

/** The reaction of HeyReach to a message: its answer, and whether the person gets the message. */
export type Taking = 'ok' | 'ok, shown later' | 'refused' | 'lost' | 'lost, delivered' | 'killed' | 'killed, delivered';

/** A message that reached a person. */
export interface Delivery {
  conversation: string;
  message: string;
  /** The subject, which identifies the confirmation. */
  subject: string;
  /** The names of the replicas that know the message: its sender, and those that were connected. */
  witnesses: readonly string[];
  /** Whether the thread had the same text among our last five messages. */
  repeats: boolean;
}

/** The number of replicas. Each has its own address, which identifies the sender. */
interface Senders {
  count: number;
  /** The replicas that learn of a send of this replica now. */
  witnessesOf(place: number): readonly string[];
  kill(place: number): Promise<void>;
}

/** A HeyReach with conversations, over real sockets. It outlives the replicas. */
export async function startThreads({ count, witnessesOf, kill }: Senders) {
  const stubs = await Promise.all(Array.from({ length: count }, () => startStub()));
  const threads = new Map<string, { text: string; isShown: boolean }[]>();
  const deliveries: Delivery[] = [];
  const takings: Taking[] = [];
  const inFlight = new Map<string, number>();
  let mostAtOnce = 0;

  const threadOf = (id: string) => {
    const thread = threads.get(id) ?? [];
    threads.set(id, thread);
    return thread;
  };
  const conversation = (id: string) => {
    const shown = threadOf(id).filter(({ isShown }) => isShown);
    const messages = [
      exampleMessage('Good morning', { sender: 'CORRESPONDENT' }),
      ...shown.map(({ text }, at) =>
        exampleMessage(text, { createdAt: new Date(1_790_000_000_000 + at).toISOString() }),
      ),
    ];
    return exampleConversation({ id, linkedInAccountId: Number(id.slice(0, 1)), messages });
  };
  const send = async (place: number, { body }: RecordedRequest): Promise<StubAnswer> => {
    const { conversationId: id, message, subject } = JSON.parse(body) as Record<string, string>;
    const witnesses = witnessesOf(place);
    const taking = takings.shift() ?? 'ok';
    const atOnce = (inFlight.get(id!) ?? 0) + 1;
    inFlight.set(id!, atOnce);
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inFlight.set(id!, inFlight.get(id!)! - 1);
    if (/ok|delivered/.test(taking)) {
      const thread = threadOf(id!);
      const repeats = thread
        .filter(({ isShown }) => isShown)
        .slice(-5)
        .some(({ text }) => text === message);
      deliveries.push({ conversation: id!, message: message!, subject: subject!, witnesses, repeats });
      thread.push({ text: message!, isShown: taking === 'ok' || taking === 'lost, delivered' });
    }
    if (taking.startsWith('killed')) await kill(place);
    if (taking === 'refused') return { status: 400, body: { errorMessage: 'made up' } };
    if (taking.startsWith('lost')) return { status: 500, body: {} };
    return {};
  };
  for (const [place, stub] of stubs.entries()) {
    stub.answer((request) => {
      if (request.path.includes('/inbox/SendMessage')) return send(place, request);
      if (!request.path.includes('/inbox/GetChatroom')) return {};
      return { body: conversation(decodeURIComponent(request.path.split('/').at(-1) ?? '')) };
    });
  }
  return {
    urls: stubs.map(({ url }) => url),
    deliveries,
    /** Sets the reactions to the next messages, in order. Later messages succeed. */
    take: (...next: Taking[]) => takings.push(...next),
    mostAtOnce: () => mostAtOnce,
    /** Shows the messages that HeyReach accepted. */
    showAll() {
      for (const thread of threads.values()) for (const message of thread) message.isShown = true;
    },
    /** Begins a new story: no conversation has a message. */
    reset() {
      threads.clear();
      takings.length = 0;
      deliveries.length = 0;
    },
    close: () => Promise.all(stubs.map((stub) => stub.close())),
  };
}
