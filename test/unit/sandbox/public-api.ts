import type { Client, Page } from './support.ts';

export interface ApiMessage {
  createdAt: string;
  body: string;
  sender: 'ME' | 'CORRESPONDENT';
}

export interface ApiConversation {
  id: string;
  read: boolean;
  groupChat: boolean;
  blockedByMe: boolean;
  blockedByParticipant: boolean;
  lastMessageAt: string;
  linkedInAccountId: number;
  correspondentProfile: { profileUrl: string; autoTags: { name: string; campaignId: number }[] };
  messages: ApiMessage[];
}

export interface ApiCampaign {
  id: number;
  status: string;
  campaignAccountIds: number[];
  progressStats: { totalUsers: number; totalUsersPending: number };
}

export interface ApiLead {
  linkedInUserProfile: { profileUrl: string };
  leadCampaignStatus: string;
  leadConnectionStatus: string;
  leadMessageStatus: string;
  failedTime: string | null;
  errorCode: string | null;
  linkedInSenderId: number;
}

/** The slug of a profile URL, as `truth` writes it. */
export const slugIn = (profileUrl: string): string => decodeURIComponent(profileUrl.split('/in/')[1]!).toLowerCase();

/** All rows of a collection. */
export async function readAll<Row>(api: Client, path: string, input: object = {}, limit = 100): Promise<Row[]> {
  const rows: Row[] = [];
  for (let total = 1; rows.length < total; ) {
    const { body } = await api.post<Page<Row>>(path, { ...input, limit, offset: rows.length });
    total = body.totalCount;
    rows.push(...body.items);
    if (body.items.length === 0) break;
  }
  return rows;
}

/** The whole inbox, read by cursor. */
export async function readInbox(api: Client): Promise<ApiConversation[]> {
  const rows: ApiConversation[] = [];
  let cursor: string | null | undefined;
  do {
    const { body } = await api.post<{ items: ApiConversation[]; nextCursor: string | null }>(
      '/inbox/GetConversationsV3',
      { filters: {}, limit: 100, ...(cursor ? { cursor } : {}) },
    );
    rows.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor);
  return rows;
}

/** The leads that GetLeadsFromCampaign shows, of all campaigns. */
export async function readLeads(api: Client, campaigns: ApiCampaign[]): Promise<(ApiLead & { campaignId: number })[]> {
  const pages = campaigns.map(async ({ id }) => {
    const leads = await readAll<ApiLead>(api, '/campaign/GetLeadsFromCampaign', { campaignId: id });
    return leads.map((row) => ({ ...row, campaignId: id }));
  });
  return (await Promise.all(pages)).flat();
}
