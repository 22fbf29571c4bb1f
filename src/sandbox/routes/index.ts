import { emptyResponse } from '../http/response.ts';
import type { Route } from '../http/router.ts';
import { accountRoutes } from './accounts.ts';
import { blacklistRoutes } from './blacklist.ts';
import { campaignCreateRoutes } from './campaign-create.ts';
import { campaignLeadRoutes } from './campaign-leads.ts';
import { campaignUpdateRoutes } from './campaign-update.ts';
import { campaignRoutes } from './campaigns.ts';
import { inboxRoutes } from './inbox.ts';
import { leadRoutes } from './leads.ts';
import { listLeadRoutes } from './list-leads.ts';
import { listRoutes } from './lists.ts';
import { networkRoutes } from './network.ts';
import { organizationRoutes } from './organization.ts';
import { statsRoutes } from './stats.ts';
import { webhookRoutes } from './webhooks.ts';

const authRoutes: Route[] = [{ method: 'GET', path: '/auth/CheckApiKey', handle: () => emptyResponse() }];

/** All routes of the API. Each area has a file with its handlers and, at the end, its route table. */
export const routes: Route[] = [
  ...authRoutes,
  ...campaignRoutes,
  ...campaignCreateRoutes,
  ...campaignUpdateRoutes,
  ...campaignLeadRoutes,
  ...inboxRoutes,
  ...accountRoutes,
  ...listRoutes,
  ...listLeadRoutes,
  ...statsRoutes,
  ...leadRoutes,
  ...webhookRoutes,
  ...networkRoutes,
  ...blacklistRoutes,
  ...organizationRoutes,
];
