import type { RecordedRequest, StubAnswer } from './heyreach-stub.ts';

/** A made-up workspace. People are slugs. */
export interface PeopleWorkspace {
  lists: { id: number; members: string[]; isCompanies?: boolean }[];
  campaigns: {
    id: number;
    status: string;
    listId: number | null;
    /** Leads that GetLeadsFromCampaign shows. */
    shown: string[];
    /** Leads that are not inserted yet, whom only GetCampaignsForLead shows. */
    hidden: string[];
  }[];
  conversations: { id: string; person: string; linkedInAccountId: number; messages: ('ME' | 'CORRESPONDENT')[] }[];
  blacklist: { person: string; status: string; byMemberId?: boolean }[];
}

export const emptyWorkspace = (): PeopleWorkspace => ({ lists: [], campaigns: [], conversations: [], blacklist: [] });

export const urlOf = (slug: string) => `https://www.linkedin.com/in/${encodeURIComponent(slug)}`;
/** HeyReach's id of a person. */
export const memberIdOf = (slug: string) => `9${[...slug].map((letter) => letter.codePointAt(0)).join('')}`;

const profileOf = (slug: string) => ({ profileUrl: urlOf(slug), linkedin_id: memberIdOf(slug) });

/** Answers the reads of an index from a workspace as HeyReach does, with pages and totals. */
export function answerFrom(workspace: () => PeopleWorkspace): (request: RecordedRequest) => StubAnswer {
  return ({ path, body }) => {
    const input = JSON.parse(body || '{}');
    const read = READS[path.replace('/api/public', '')];
    return read === undefined ? {} : { body: read(workspace(), input) };
  };
}

interface Input {
  offset?: number;
  limit?: number;
  listId?: number;
  campaignId?: number;
  profileUrl?: string;
  cursor?: string | null;
  filters?: { leadProfileUrl?: string | null; linkedInAccountIds?: number[] };
}

const READS: Record<string, (workspace: PeopleWorkspace, input: Input) => object> = {
  '/list/GetAll': ({ lists, campaigns }, input) =>
    pageOf(input, lists, ({ id, members, isCompanies }) => ({
      id,
      name: `List ${id}`,
      listType: isCompanies ? 'COMPANY_LIST' : 'USER_LIST',
      totalItemsCount: members.length,
      campaignIds: campaigns.filter(({ listId }) => listId === id).map((campaign) => campaign.id),
    })),
  '/list/GetLeadsFromList': ({ lists }, input) =>
    pageOf(input, lists.find(({ id }) => id === input.listId)!.members, profileOf),
  '/list/GetListsForLead': ({ lists }, input) =>
    pageOf(
      input,
      lists.filter(({ members }) => members.includes(slugIn(input.profileUrl))),
      ({ id }) => ({
        listId: id,
        listName: `List ${id}`,
      }),
    ),
  '/campaign/GetAll': ({ campaigns }, input) =>
    pageOf(input, campaigns, ({ id, status, listId, shown, hidden }) => ({
      id,
      name: `Campaign ${id}`,
      status,
      linkedInUserListId: listId,
      campaignAccountIds: [170001],
      progressStats: { totalUsers: shown.length + hidden.length },
    })),
  '/campaign/GetLeadsFromCampaign': ({ campaigns }, input) =>
    pageOf(input, campaigns.find(({ id }) => id === input.campaignId)!.shown, (slug) => ({
      linkedInUserProfile: profileOf(slug),
      leadCampaignStatus: 'InSequence',
    })),
  '/campaign/GetCampaignsForLead': ({ campaigns }, input) => {
    const slug = slugIn(input.profileUrl);
    const own = campaigns.filter(({ shown, hidden }) => shown.includes(slug) || hidden.includes(slug));
    return pageOf(input, own, ({ id, status, shown }) => ({
      campaignId: id,
      campaignName: `Campaign ${id}`,
      campaignStatus: status,
      leadStatus: shown.includes(slug) ? 'InSequence' : 'Pending',
    }));
  },
  '/inbox/GetConversationsV3': ({ conversations }, { cursor, limit = 10, filters }) => {
    const person = filters?.leadProfileUrl == null ? undefined : slugIn(filters.leadProfileUrl);
    const senders = filters?.linkedInAccountIds ?? [];
    const rows = conversations.filter(
      (conversation) =>
        (person === undefined || conversation.person === person) &&
        (senders.length === 0 || senders.includes(conversation.linkedInAccountId)),
    );
    const offset = Number(cursor ?? 0);
    const next = offset + limit;
    return {
      totalCount: rows.length,
      items: rows.slice(offset, next).map((conversation) => ({
        id: conversation.id,
        linkedInAccountId: conversation.linkedInAccountId,
        lastMessageAt: '2026-09-20T12:00:19.007Z',
        lastMessageSender: conversation.messages.at(-1) ?? null,
        correspondentProfile: profileOf(conversation.person),
        messages: conversation.messages.map((sender) => ({
          sender,
          body: 'Hi',
          createdAt: '2026-09-20T12:00:19.007Z',
        })),
      })),
      nextCursor: next < rows.length ? String(next) : null,
      hasNextPage: next < rows.length,
    };
  },
  '/li_account/GetAll': ({ conversations }, input) =>
    pageOf(input, [...new Set(conversations.map((conversation) => conversation.linkedInAccountId))], (id) => ({ id })),
  '/blacklist/GetLeads': ({ blacklist }, input) =>
    pageOf(input, blacklist, ({ person, status, byMemberId }) => ({
      matchingStatus: status,
      ...(byMemberId ? { linkedInMemberId: memberIdOf(person) } : { profileUrl: urlOf(person) }),
    })),
};

function pageOf<Row>({ offset = 0, limit = 10 }: Input, rows: readonly Row[], view: (row: Row) => object) {
  return { totalCount: rows.length, items: rows.slice(offset, offset + limit).map(view) };
}

function slugIn(url = ''): string {
  return decodeURIComponent(url.split('/in/')[1] ?? '').toLowerCase();
}
