import { type ErrorKind, type HeyReachClient, HeyReachError, type Outcome } from '../../../src/client/index.ts';

/** The end of a request: `ok`, an outcome with nothing done, or `lost`: done, with an unknown outcome. */
export type Ending = 'ok' | 'lost' | Outcome;

export interface ModelPerson {
  url: string;
  /** The campaigns that can contact the person. */
  live: Set<number>;
}

const KINDS = { unknown: 'server_error', refused: 'forbidden', not_sent: 'connection' } as const;

function errorOf(outcome: Outcome, kind: ErrorKind = KINDS[outcome]): HeyReachError {
  return new HeyReachError({
    kind,
    outcome,
    message: `made up: ${outcome}`,
    meaning: 'Made up.',
    nextStep: 'None.',
  });
}

/**
 * A model of HeyReach with the campaigns that can still contact a person, the blacklist and the tags.
 * @param endings how its requests end, in order. Later requests succeed.
 * @param events `onRead` is called before each read of the campaigns of a person. Once `signal` is aborted, nothing is
 * sent.
 */
export function modelHeyReach(
  people: readonly ModelPerson[],
  endings: Ending[] = [],
  { onRead = () => {}, signal }: { onRead?: () => void; signal?: AbortSignal } = {},
) {
  const excluded = new Set<string>();
  const tagged = new Set<string>();
  const remaining = [...endings];
  /** The person, in every spelling of a URL. */
  const keyOf = (url: string) => `https://www.linkedin.com/in/${/\/in\/([^/?]+)/.exec(url)?.[1]}`;
  const personOf = (url: string) => people.find((person) => person.url === keyOf(url))!;
  const before = new Map(people.map(({ url, live }) => [url, [...live]]));
  async function request<Value>(act: () => Value): Promise<Value> {
    if (signal?.aborted) throw errorOf('not_sent', 'cancelled');
    const ending = remaining.shift() ?? 'ok';
    if (ending !== 'ok' && ending !== 'lost') throw errorOf(ending);
    const value = act();
    if (ending === 'lost') throw errorOf('unknown');
    return value;
  }
  const pageOf = <Row>(items: Row[]) => ({ totalCount: items.length, items });
  const client = {
    fingerprint: 'made up',
    hideKey: (text: string) => text,
    isSandbox: () => false,
    blacklist: {
      addLeads: ({ leads }: { leads: { profileUrl: string }[] }) =>
        request(() => {
          for (const { profileUrl } of leads) excluded.add(keyOf(profileUrl));
          return { added: leads.length, entries: leads.map((_, inputIndex) => ({ inputIndex, created: true })) };
        }),
      getLeads: () =>
        request(() => pageOf([...excluded].map((profileUrl) => ({ profileUrl, matchingStatus: 'Matched' })))),
    },
    campaigns: {
      getForLead: ({ profileUrl }: { profileUrl: string }) => {
        onRead();
        return request(() =>
          pageOf(
            before.get(keyOf(profileUrl))!.map((campaignId) => ({
              campaignId,
              campaignStatus: 'IN_PROGRESS',
              leadStatus: personOf(profileUrl).live.has(campaignId) ? 'InSequence' : 'Finished',
            })),
          ),
        );
      },
      stopLead: ({ campaignId, leadUrl }: { campaignId: number; leadUrl: string }) =>
        request(() => void personOf(leadUrl).live.delete(campaignId)),
      getAll: () => request(() => pageOf([])),
    },
    leads: {
      addTags: ({ leadProfileUrl, tags }: { leadProfileUrl: string; tags: string[] }) =>
        request(() => {
          const newAssignedTags = tagged.has(keyOf(leadProfileUrl)) ? [] : tags;
          tagged.add(keyOf(leadProfileUrl));
          return { newAssignedTags };
        }),
      getTags: ({ profileUrl }: { profileUrl: string }) =>
        request(() => ({ tags: tagged.has(keyOf(profileUrl)) ? ['do-not-contact'] : [] })),
    },
    lists: { getForLead: () => request(() => pageOf([{ listId: 1, listName: 'Made up' }])) },
  };
  return { client: client as unknown as HeyReachClient, excluded, tagged };
}
