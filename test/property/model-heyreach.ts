import { AsyncLocalStorage } from 'node:async_hooks';
import { type CallOptions, type HeyReachClient, HeyReachError } from '../../src/client/index.ts';
import type { Conversation } from '../../src/client/operations/inbox.ts';

/** The reaction of HeyReach to a message: its answer, and whether the person gets the message. */
export const TAKINGS = [
  'ok',
  'ok, shown later',
  'refused',
  'lost, delivered',
  'lost, delivered, shown later',
  'lost',
  'killed, delivered',
  'killed, delivered, shown later',
  'killed',
] as const;
export type Taking = (typeof TAKINGS)[number];

/** A message that reached a person, or rows that were added to a campaign. */
export interface Contact {
  /** The confirmation of the contact. */
  under: string | undefined;
  to: string;
  what: string;
  /** The state at that time: the newest message, or the status of the campaign. */
  state: string;
  repeats: boolean;
}

/** The confirmation of the running call. */
export const confirmation = new AsyncLocalStorage<string | undefined>();

const lost = () =>
  new HeyReachError({
    kind: 'server_error',
    status: 500,
    outcome: 'unknown',
    message: 'made up',
    meaning: 'Made up.',
    nextStep: 'None.',
  });
const refused = () =>
  new HeyReachError({
    kind: 'bad_request',
    status: 400,
    outcome: 'refused',
    message: 'made up',
    meaning: 'Made up.',
    nextStep: 'None.',
  });
const never = () => new Promise<never>(() => {});

/** A HeyReach with two conversations and one campaign, which outlives the processes of the server. */
export class ModelHeyReach {
  readonly contacts: Contact[] = [];
  /** The largest number of concurrent sends to one conversation. */
  mostAtOnce = 0;
  status = 'IN_PROGRESS';
  readonly #threads = new Map<string, { sender: string; body: string; createdAt: string }[]>();
  #hidden: { id: string; body: string; showsIn: number }[] = [];
  readonly #inFlight = new Map<string, number>();
  #clock = 0;

  thread(id: string) {
    const messages = this.#threads.get(id) ?? [];
    this.#threads.set(id, messages);
    return messages;
  }

  say(id: string, sender: 'ME' | 'CORRESPONDENT', body: string): void {
    this.#clock += 1;
    this.thread(id).push({ sender, body, createdAt: String(this.#clock) });
  }

  newest(id: string): string {
    return JSON.stringify(this.thread(id).at(-1) ?? null);
  }

  /**
   * A client for one process. Once the process is dead, it gets no responses, and its requests do not arrive.
   * @param taking the reaction to the next message.
   * @param pause lets other calls continue in between.
   */
  client(taking: () => Taking, pause: () => Promise<void>, process: { isDead: boolean }): HeyReachClient {
    const answer = async <Value>(value: () => Value): Promise<Value> => {
      await pause();
      if (process.isDead) return never();
      const result = value();
      await pause();
      return process.isDead ? never() : result;
    };
    const areas = {
      fingerprint: 'made up',
      isSandbox: () => false,
      hideKey: (text: string) => text,
      inbox: {
        getChatroom: ({ conversationId }: { conversationId: string }) =>
          answer(
            (): Conversation => ({
              id: conversationId,
              linkedInAccountId: 1,
              messages: structuredClone(this.thread(conversationId)),
            }),
          ),
        sendMessage: async (request: { conversationId: string; message: string }, call: CallOptions) => {
          await call.beforeWrite?.();
          await pause();
          if (process.isDead) return never();
          return this.#take(request, taking(), pause, process);
        },
      },
      campaigns: {
        getById: () =>
          answer(() => ({ id: 7, name: 'Model', status: this.status, campaignAccountIds: [1], linkedInUserListId: 9 })),
        getSequence: () => answer(() => ({ nodeType: 'VIEW_PROFILE' })),
        addLeads: ({ accountLeadPairs }: { accountLeadPairs: { lead: { profileUrl: string } }[] }) =>
          answer(() => {
            const what = accountLeadPairs.map(({ lead }) => lead.profileUrl).join(' ');
            const under = confirmation.getStore();
            this.contacts.push({ under, to: 'campaign', what, state: this.status, repeats: false });
            return { addedLeadsCount: accountLeadPairs.length, updatedLeadsCount: 0, failedLeadsCount: 0 };
          }),
      },
      lists: { getById: () => answer(() => ({ id: 9, name: 'Model list', totalItemsCount: 2 })) },
      linkedInAccounts: {
        getAll: () => answer(() => ({ totalCount: 1, items: [{ id: 1, firstName: 'Model', authIsValid: true }] })),
      },
    };
    return areas as unknown as HeyReachClient;
  }

  async #take(
    { conversationId: id, message }: { conversationId: string; message: string },
    taking: Taking,
    pause: () => Promise<void>,
    process: { isDead: boolean },
  ): Promise<void> {
    const atOnce = (this.#inFlight.get(id) ?? 0) + 1;
    this.#inFlight.set(id, atOnce);
    this.mostAtOnce = Math.max(this.mostAtOnce, atOnce);
    const state = this.newest(id);
    await pause();
    this.#inFlight.set(id, this.#inFlight.get(id)! - 1);
    if (taking === 'refused') throw refused();
    if (/ok|delivered/.test(taking)) this.#deliver(id, message, state, taking);
    if (taking.startsWith('killed')) {
      process.isDead = true;
      return never();
    }
    if (taking.startsWith('lost')) throw lost();
  }

  #deliver(id: string, body: string, state: string, taking: Taking): void {
    const ours = this.thread(id).filter(({ sender }) => sender === 'ME');
    const repeats = ours.slice(-5).some((message) => message.body === body);
    this.contacts.push({ under: confirmation.getStore(), to: id, what: body, state, repeats });
    if (taking.endsWith('shown later')) this.#hidden.push({ id, body, showsIn: 2 });
    else this.say(id, 'ME', body);
  }

  /** Lets time pass, after which delayed messages appear in the thread. */
  passTime(): void {
    for (const hidden of this.#hidden) hidden.showsIn -= 1;
    for (const { id, body } of this.#hidden.filter(({ showsIn }) => showsIn === 0)) this.say(id, 'ME', body);
    this.#hidden = this.#hidden.filter(({ showsIn }) => showsIn > 0);
  }
}
